// Hocuspocus as its own documentation sets it up: its database extension, here on SQLite, with its usual delays (a document
// is stored 2 s after it comes to rest, at most 10 s after a change). What it relays is not on disk yet.
import { Database } from "@hocuspocus/extension-database";
import { Server } from "@hocuspocus/server";
import Sqlite from "better-sqlite3";

const [port, file] = process.argv.slice(2);
const base = new Sqlite(file);
base.pragma("journal_mode = WAL");
base.pragma("synchronous = FULL");
base.exec("CREATE TABLE document (name TEXT PRIMARY KEY, data BLOB NOT NULL)");
const found = base.prepare("SELECT data FROM document WHERE name = ?");
const put = base.prepare("INSERT INTO document VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data");
const server = new Server({
  address: "127.0.0.1",
  port: Number(port),
  quiet: true,
  extensions: [
    new Database({
      fetch: async ({ documentName }) => found.get(documentName)?.data ?? null,
      store: async ({ documentName, state }) => void put.run(documentName, state),
    }),
  ],
});
await server.listen();
console.log("ready");
