// The line to the server: taken up again within two seconds whatever became of it, over WebSocket or without.

import { io } from "socket.io-client";

// Where WebSocket has worked before, tries stand at most this far apart.
const APART = 2000;
const RETRY_LEAST = 200;
const RETRY_MOST = 700;
const PATIENCE = 2000;

/** {socket, drop, close}: `drop` gives up a connection that only looks alive, `close` ends it for good. */
export function openLine(auth) {
  const socket = io({
    path: "/socket.io",
    auth,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    // Its own way of coming back waits for a dead connection to close politely.
    reconnection: false,
    timeout: PATIENCE,
    // A request that a dead line holds for ever takes one of the few places a browser has for this server.
    requestTimeout: 5000,
    forceNew: true,
  });
  let failures = 0;
  let isKnown = false;
  let timer = null;
  let wanted = true;

  let pause = RETRY_MOST;

  function connect() {
    // One try in four is given more time, for a line that has become slow.
    pause = isKnown && failures % 4 === 3 ? RETRY_LEAST : RETRY_MOST;
    const patience = isKnown ? APART - pause : PATIENCE;
    socket.io.timeout(patience);
    socket.disconnect().connect();
    // Also where the connection opens and then says nothing.
    again(patience + pause);
  }

  function again(wait) {
    clearTimeout(timer);
    timer = wanted ? setTimeout(connect, wait) : null;
  }

  const soon = () => again(RETRY_LEAST + Math.random() * (pause - RETRY_LEAST));

  // A line that answers is slow, not dead: giving it up halfway, again and again, would never get through.
  socket.io.on("open", () => {
    again(PATIENCE + RETRY_MOST);
    socket.io.engine.once("packet", () => socket.connected || again(PATIENCE + RETRY_MOST));
  });
  socket.on("connect", () => {
    clearTimeout(timer);
    isKnown ||= socket.io.engine.transport.name === "websocket";
  });
  socket.on("disconnect", soon);
  socket.on("connect_error", () => {
    failures += 1;
    // Where WebSocket is swallowed in silence rather than refused, the other way is tried by turns.
    socket.io.opts.transports = failures % 2 ? ["polling"] : ["websocket", "polling"];
    soon();
  });
  again(PATIENCE + RETRY_MOST);

  return {
    socket,
    drop: connect,
    awake: () => socket.connected || again(0),
    close() {
      wanted = false;
      clearTimeout(timer);
      socket.disconnect();
    },
  };
}
