(()=>{var t=document.getElementById("print");t.hidden=!1;t.addEventListener("click",()=>print());})();
