// The demo application as a child process, and a Chromium to look at it with.
import {spawn} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {chromium} from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));

// Starts bin/demo on a free port; resolves with its addresses and a stop() that waits until it is gone.
export function startDemo(args = [], environment = {}) {
  const recordings = mkdtempSync(join(tmpdir(), "phoenix_replay_browser_"));
  const env = {...process.env, PORT: "0", DEMO_RECORDINGS: recordings, ...environment};
  const child = spawn(join(root, "bin/demo"), args, {env, stdio: ["ignore", "pipe", "inherit"]});
  const gone = new Promise(resolve => child.once("exit", resolve));
  // However this process ends, also by an error that nobody caught: the demo ends with it.
  process.once("exit", () => child.kill("SIGTERM"));

  const stop = async () => {
    child.kill("SIGTERM");
    await gone;
  };

  // However this process ends, the demo does not outlive it.
  process.once("exit", () => {
    child.kill("SIGTERM");
    rmSync(recordings, {recursive: true, force: true});
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

  return new Promise((resolve, reject) => {
    let said = "";
    gone.then(code => reject(new Error(`bin/demo ended with ${code} and said:\n${said}`)));
    child.stdout.on("data", data => {
      said += data;
      const addresses = [...said.matchAll(/http:\/\/\S+(?=\n)/g)].map(match => match[0]);
      if (addresses.length >= 2) resolve({app: addresses[0], dashboard: addresses[1], stop});
    });
  });
}

// No background traffic: it would only fail on a machine without a way out.
const quiet = [
  "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export function launch() {
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
  return chromium.launch({executablePath, args: [...quiet, ...asRoot]});
}

// A form as a person sees it: what stands in each field, what is wrong, and the total. Runs in the page.
export function formState() {
  const fields = {};
  for (const field of document.querySelectorAll("#checkout [name]:not([type=hidden])")) {
    const name = field.id || field.name;
    fields[name] = field.type === "checkbox" ? field.checked : field.value;
  }
  const errors = [...document.querySelectorAll("#checkout .errors")].map(e => `${e.id}: ${e.textContent}`);
  return {fields, errors, total: document.querySelector("#total")?.textContent};
}
