// The page of a draft's check: asks the engine in earshot.wasm and shows what it says.
"use strict";

const button = document.getElementById("check");
const answer = document.getElementById("answer");

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
  for (const [term, text] of [["Risk", category], ["Why", finding.why], ["Cite", finding.cite], ["Fix", finding.fix], ["Rule", finding.rule]]) {
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
  for (const [category, { findings }] of Object.entries(judged.categories)) {
    for (const finding of findings) {
      if (finding.likelihood >= 0.5) answer.append(showFinding(category, finding));
    }
  }
  if (!answer.hasChildNodes()) answer.append(element("article", "Nothing here needs a review.", "fine"));
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
