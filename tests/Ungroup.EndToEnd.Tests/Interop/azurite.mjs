// Azurite's table service, for as long as whoever started it holds its standard input open: nothing is left running by a
// test run that was killed.
import { createRequire } from "node:module";

process.stdin.on("end", () => process.exit()).resume();
createRequire(import.meta.url)("azurite/dist/src/table/main.js");
