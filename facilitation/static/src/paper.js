// One sheet on paper: the button that prints it.

const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => print());
