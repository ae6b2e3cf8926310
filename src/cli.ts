import process, { argv, exit, stdout } from "node:process";
import { gascity } from "./cli/gascity.ts";

// Who reads the output may have seen enough of it.
stdout.on("error", () => exit(0));

const code = gascity(argv.slice(2), process);
// Exits once all that was written has left: a pipe takes no more than its reader.
void code.then((code) => stdout.write("", () => exit(code)));
