"use strict";

const examples = {
  "Screening mammograms": "Double reading of screening mammograms strains the workforce. Whether software can replace the second reader is uncertain. We compared double reading with single reading plus software in 12,480 women. Recall and cancer detection were the outcomes. Detection was 6.1 per 1,000 in both arms, and recall fell from 4.2% to 3.6%. Software may replace the second reader without loss of detection. Prospective trials are warranted before adoption.",
  "Vitamin D and falls, with headings": "BACKGROUND: Falls are common in older adults. OBJECTIVE: To determine the effect of daily vitamin D3 on the rate of falls. METHODS: We randomised 740 adults aged 70 years or older to vitamin D3 or placebo for 24 months. RESULTS: The rate of falls was 0.72 per person-year with vitamin D3 and 0.79 with placebo (rate ratio 0.91, 95% CI 0.77 to 1.08). CONCLUSIONS: Vitamin D3 did not reduce the rate of falls.",
};

const element = (id) => document.getElementById(id);
let answer = null;

for (const name of Object.keys(examples)) element("example").append(new Option(name));

element("example").addEventListener("change", (event) => {
  if (examples[event.target.value]) element("abstract").value = examples[event.target.value];
});

element("abstract").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) element("ask").requestSubmit();
});

element("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter ?? event.target.querySelector("button");
  button.disabled = true;
  element("problem").hidden = true;
  try {
    const start = performance.now();
    const response = await fetch("predict", {
      method: "POST",
      headers: {"content-type": "application/json", ...(element("key").value && {authorization: `Bearer ${element("key").value}`})},
      body: JSON.stringify({abstract: element("abstract").value, headings: element("headings").checked ? "use" : "ignore"}),
    });
    const body = await response.json();
    if (response.status === 401) element("key-row").hidden = false;
    if (!response.ok) throw new Error(body.detail ?? response.statusText);
    show(body, performance.now() - start);
  } catch (error) {
    element("answer").hidden = true;
    element("problem").textContent = error.message;
    element("problem").hidden = false;
  } finally {
    button.disabled = false;
  }
});

function show(body, milliseconds) {
  answer = body;
  const sections = body.sections.map((section) => {
    const block = make("div", `section ${role(section.label)}`);
    block.append(make("h3", "", section.label), sentences(body.sentences.slice(...section.sentences)));
    return block;
  });
  element("sections").replaceChildren(...sections);
  element("facts").textContent =
    `${body.sentences.length} sentences in ${milliseconds.toFixed(0)} ms by ${body.model} ${body.version}` +
    (body.truncated ? "; a sentence was too long and was truncated" : "");
  element("detail").textContent = "Point at a sentence, or move to it with the Tab key, to see the confidence of its label.";
  element("copied").textContent = "";
  element("answer").hidden = false;
}

function sentences(list) {
  const paragraph = make("p");
  for (const sentence of list) {
    const span = make("span", `sentence${sentence.confidence < 0.7 ? " unsure" : ""}`, sentence.text);
    span.tabIndex = 0;
    span.title = `${sentence.label} ${percent(sentence.confidence)}`;
    for (const kind of ["focus", "pointerenter"]) span.addEventListener(kind, () => detail(sentence));
    paragraph.append(span, " ");
  }
  return paragraph;
}

function detail(sentence) {
  const others = Object.entries(sentence.scores).sort((a, b) => b[1] - a[1]).map(([label, p]) => `${label} ${percent(p)}`);
  const source = sentence.source === "heading" ? `Decided by the heading “${sentence.heading}”. ` : "";
  element("detail").textContent = source + others.join(" · ");
}

element("copy-json").addEventListener("click", () => copy(JSON.stringify(answer, null, 2)));
element("copy-text").addEventListener("click", () => copy(
  answer.sections.map((section) =>
    `${section.label}: ${answer.sentences.slice(...section.sentences).map((sentence) => sentence.text).join(" ")}`).join("\n")));

async function copy(text) {
  try {
    // Browsers offer no clipboard to pages from another machine over plain HTTP.
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else copySelection(text);
    element("copied").textContent = "Copied.";
  } catch {
    element("copied").textContent = "The browser did not allow copying.";
  }
}

function copySelection(text) {
  const area = make("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  if (!isCopied) throw new Error("not copied");
}

function make(name, className = "", text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

const role = (label) => ["BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS"].includes(label) ? label : "other";
const percent = (p) => `${(100 * p).toFixed(p > 0.995 || p < 0.005 ? 1 : 0)}%`;
