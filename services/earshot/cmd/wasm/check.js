// The page of a draft's check: asks the engine in earshot.wasm and shows what it says.
"use strict";

const button = document.getElementById("check");
const answer = document.getElementById("answer");

// reviewed are the outcomes that somebody must look at, as in `earshot check`.
const reviewed = ["review", "escalate"];

function element(name, text, kind) {
  const e = document.createElement(name);
  e.textContent = text;
  if (kind) e.className = kind;
  return e;
}

function showFinding(category, finding) {
  const article = document.createElement("article");
  article.append(element("h2", finding.title));
  const list = document.createElement("dl");
  for (const [term, text] of [["Risk", category], ["Why", finding.why], ["Cite", finding.cite], ["Do", finding.mitigate], ["Fix", finding.fix], ["Rule", finding.rule]]) {
    if (text) list.append(element("dt", term), element("dd", text));
  }
  article.append(list);
  return article;
}

function check() {
  const industry = document.getElementById("industry").value;
  const draft = {
    text: document.getElementById("text").value,
    role: document.getElementById("role").value,
    brand: { id: "draft", name: "the company", industry },
  };
  const judged = JSON.parse(globalThis.earshotCheck(JSON.stringify(draft)));
  answer.replaceChildren();
  if (judged.error) {
    answer.append(element("p", judged.error));
    return;
  }
  const categories = Object.entries(judged.categories);
  const review = categories.some(([, { outcome }]) => reviewed.includes(outcome));
  answer.append(review ? element("article", "Have this reviewed before you post it.") : element("article", "Nothing here needs a review.", "fine"));
  for (const [category, { level, findings }] of categories) {
    for (const finding of findings) answer.append(showFinding(`${category}, ${level}`, finding));
  }
}

async function start() {
  const go = new Go();
  const { instance } = await WebAssembly.instantiateStreaming(fetch("earshot.wasm"), go.importObject);
  go.run(instance);
  button.textContent = "Check";
  button.disabled = false;
  button.addEventListener("click", check);
}

start().catch((error) => { button.textContent = "Not loaded: " + error.message; });
