// The page: a file in, its parts shown, run again, corrected, taken away.
import { createCorrections } from "./corrections.js";

const STAGES = [["sending", "Sending"], ["reading", "Reading"], ["recognising", "Recognising"],
  ["network", "Network"], ["grouping", "Grouping"], ["writing", "Writing"]];
const SHORT = { waiting: "Waiting", correcting: "Correcting", writing: "Writing" };
const PAUSE = 150;
const SOON = 400;  // what is done sooner shows no stage: it would only flicker

const get = (id) => document.getElementById(id);
const box = { view: get("view"), category: get("category"), up: get("up"), points: get("points"),
  bandwidth: get("bandwidth"), undo: get("undo"), download: get("download"), progress: get("progress"),
  error: get("error"), again: get("again"), settings: get("settings") };
let viewer = null;
let session = null;
let shown = 0;
let busy = false;
let sending = null;

/** Asks the server; throws an Error with its words where it refuses. */
async function ask(path, method = "GET", body = undefined) {
  let answer;
  try {
    answer = await fetch(path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Error("partwise does not answer; it may have been ended. Start partwise view again.");
  }
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

const own = (what) => `sessions/${session.id}${what}`;

/** Does something that takes a while, with all that starts anything switched off, and shows what went wrong. */
async function during(work) {
  if (busy) return;
  busy = true;
  say("");
  enable();
  try {
    await work();
  } catch (error) {
    say(error.message);
  } finally {
    busy = false;
    box.progress.hidden = true;
    document.body.dataset.state = viewer && shown ? "shown" : "start";
    enable();
  }
}

function enable() {
  const has = shown > 0;
  for (const one of [box.again, box.category]) one.disabled = busy || !session;
  get("open").disabled = busy;
  for (const one of [box.undo, box.download]) one.disabled = busy;
  box.download.hidden = !has;
  corrections.enable(!busy, has);
}

function say(words) {
  box.error.textContent = words;
  box.error.hidden = !words;
}

/** Shows how far the work is, as steps where there are several. */
function showStage(stage, steps, amount = "") {
  document.body.dataset.state = shown && viewer ? "shown" : "working";
  box.progress.hidden = false;
  box.progress.querySelector("h2").textContent = session.title;
  const names = steps ?? [[stage, SHORT[stage] ?? stage]];
  const now = names.findIndex(([name]) => name === stage);
  box.progress.querySelector("ol").replaceChildren(...names.map(([, text], index) => {
    const item = document.createElement("li");
    item.className = index < now ? "past" : index === now ? "now" : "";
    item.append(text);
    if (index === now && amount) {
      const share = document.createElement("span");
      share.className = "amount";
      share.textContent = amount;
      item.append(share);
    }
    return item;
  }));
}

/** Waits until the server has done what it is at, then shows the result if there is a new one. */
async function follow(steps, keep) {
  const begun = performance.now();
  let state = await ask(own(""));
  while (state.stage) {
    if (steps || performance.now() - begun > SOON) showStage(state.stage, steps);
    await new Promise((done) => setTimeout(done, PAUSE));
    state = await ask(own(""));
  }
  await show(state, keep);
  if (state.error) throw new Error(state.error);
}

async function show(state, keep) {
  session.title = state.title;
  box.undo.hidden = !state.can_undo;
  if (!state.model) {
    shown = 0;
    return;
  }
  if (state.version === shown) return;
  const { view, classes } = await ask(own("/view"));
  document.body.dataset.state = "shown";
  if (viewer) viewer.setData(view, { keep });
  else startViewer(view);
  shown = state.version;
  document.title = `${state.title} – partwise`;
  box.bandwidth.placeholder = String(state.bandwidth);
  showGuess(state);
  corrections.setData(view, classes);
}

function startViewer(view) {
  viewer = PartwiseViewer.createViewer(box.view, view);
  viewer.on("theme", setTheme);
  viewer.on("select", (part) => corrections.select(part));
  viewer.focus();
}

function showGuess({ guesses, model }) {
  const [first] = guesses;
  const option = box.category.options[0];
  option.textContent = first ? `Recognised: ${session.models[model]}, ${Math.round(100 * first.probability)} %`
    : "Recognise it";
}

const steps = () => STAGES.filter(([name]) => name !== "recognising" || !box.category.value);

async function run() {
  const number = (input) => (input.value === "" ? null : Number(input.value));
  await ask(own("/run"), "POST", { model: box.category.value || null, up: box.up.value, points: number(box.points),
    bandwidth: number(box.bandwidth) });
  await follow(steps(), false);
}

const runAgain = () => during(async () => {
  box.settings.open = false;
  if (session.title) await run();
});

function openFile(file) {
  if (!file) return;
  during(async () => {
    const suffix = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
    if (!session.suffixes.includes(suffix)) {
      throw new Error(`${file.name}: unknown suffix; known are ${session.suffixes.join(", ")}.`);
    }
    if (file.size > session.most) {
      throw new Error(`${file.name}: has ${(file.size / 1e6).toFixed(0)} MB; this page takes at most `
        + `${(session.most / 1e6).toFixed(0)} MB (partwise view --max-size).`);
    }
    session.title = file.name;
    await send(file);
    await run();
  });
}

/** Sends the file; unlike fetch, this tells how much of it has gone. */
function send(file) {
  return new Promise((done, fail) => {
    sending = new XMLHttpRequest();
    sending.open("PUT", own(`/file?name=${encodeURIComponent(file.name)}`));
    sending.upload.onprogress = ({ loaded, total }) =>
      showStage("sending", steps(), `${Math.round((100 * loaded) / Math.max(1, total))} %`);
    sending.onload = () => {
      if (sending.status === 200) done();
      else fail(new Error(JSON.parse(sending.responseText).error));
    };
    sending.onerror = () => fail(new Error("The file could not be sent; partwise may have been ended."));
    sending.onabort = () => fail(new Error("Cancelled."));
    showStage("sending", steps());
    sending.send(file);
  }).finally(() => { sending = null; });
}

function cancel() {
  if (sending) sending.abort();
  else ask(own("/cancel"), "POST").catch((error) => say(error.message));
}

const correct = (body) => during(async () => {
  await ask(own("/correct"), "POST", body);
  await follow(null, true);
});

const undo = () => during(async () => {
  await ask(own("/undo"), "POST");
  await follow(null, true);
});

const download = () => during(async () => {
  showStage("writing");
  const answer = await fetch(own("/result.zip"));
  if (!answer.ok) throw new Error((await answer.json()).error);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = `${session.title.replace(/\.[^.]*$/, "")}-parts.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});

function setTheme(name) {
  document.documentElement.dataset.theme = name;
}

function fill(select, choices, chosen) {
  select.replaceChildren(...choices.map(([value, text]) => new Option(text, value)));
  select.value = chosen ?? "";
}

function listen() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follows = () => { if (!viewer) setTheme(dark.matches ? "dark" : "light"); };
  dark.addEventListener("change", follows);
  follows();
  for (const id of ["open", "drop"]) get(id).addEventListener("click", () => get("file").click());
  get("file").addEventListener("change", ({ target }) => {
    openFile(target.files[0]);
    target.value = "";
  });
  addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => event.relatedTarget ?? document.body.classList.remove("dropping"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    openFile(event.dataTransfer.files[0]);
  });
  box.settings.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    runAgain();
  });
  addEventListener("pointerdown", ({ target }) => { if (!box.settings.contains(target)) box.settings.open = false; });
  addEventListener("keydown", ({ key }) => { if (key === "Escape") box.settings.open = false; });
  addEventListener("pagehide", ({ persisted }) => persisted || !session || navigator.sendBeacon(own("/close")));
  box.category.addEventListener("change", runAgain);
  box.undo.addEventListener("click", undo);
  box.download.addEventListener("click", download);
  get("cancel").addEventListener("click", cancel);
  box.error.addEventListener("click", () => say(""));
}

async function start() {
  session = await ask("sessions", "POST");
  fill(box.category, [["", "Recognise it"], ...Object.entries(session.models)], session.settings.model);
  fill(box.up, session.up.map((name) => [name, name === "guess" ? "let the model say" : name]), session.settings.up);
  get("file").accept = session.suffixes.join(",");
  get("kinds").textContent = session.suffixes.map((one) => one.slice(1).toUpperCase()).join("  ·  ");
  if (session.title) await run();
}

const corrections = createCorrections(get("corrections"), correct, (part) => viewer.select(part));
listen();
during(start);
