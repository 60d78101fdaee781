// The same work on Socket.IO for Node, in a few lines: a row per vote, flushed; the counts to all, four times a second.
import Database from "better-sqlite3";
import { createServer } from "node:http";
import { Server } from "socket.io";

const [port, file] = process.argv.slice(2);
const database = new Database(file);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.exec("CREATE TABLE vote (id INTEGER PRIMARY KEY, topic TEXT NOT NULL)");
database.exec("CREATE TABLE key (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
const keep = database.prepare("INSERT INTO key (bytes) VALUES (?)");
const insert = database.prepare("INSERT INTO vote (topic) VALUES (?)");
const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, pingInterval: 20000, pingTimeout: 25000 });
const counts = {};
let changed = {};
io.on("connection", (socket) => {
  socket.on("command", ({ payload }, answer) => {
    const number = Number(insert.run(payload.topic).lastInsertRowid);
    changed[payload.topic] = counts[payload.topic] = (counts[payload.topic] ?? 0) + 1;
    answer({ ok: true, number });
  });
  socket.on("sheet:open", (_, answer) => { socket.join("sheet"); answer({ ok: true }); });
  socket.on("sheet:update", ({ update }, answer) => {
    const number = Number(keep.run(update).lastInsertRowid);
    answer({ ok: true, number });
    socket.to("sheet").emit("sheet:update", { number, update });
  });
});
setInterval(() => {
  if (Object.keys(changed).length) io.emit("counts", changed);
  changed = {};
}, 250);
http.listen(Number(port), "127.0.0.1", () => console.log("ready"));
