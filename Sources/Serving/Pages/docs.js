"use strict";

const main = document.getElementById("operations");

fetch("openapi.json")
  .then((response) => response.json())
  .then(show)
  .catch((error) => main.append(make("p", "problem", `Cannot show the OpenAPI document: ${error.message}`)));

function show(api) {
  document.getElementById("about").append(make("br"), api.info.description);
  for (const tag of api.tags) {
    main.append(make("h2", "", tag.name));
    if (tag.description) main.append(make("p", "faint", tag.description));
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (operation.tags.includes(tag.name)) main.append(block(api, method, path, operation));
      }
    }
  }
  main.append(make("h2", "", "Schemas"));
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    const details = make("details", "operation");
    details.id = name;
    details.append(make("summary", "", name), make("pre", "", JSON.stringify(schema, null, 2)));
    main.append(details);
  }
}

function block(api, method, path, operation) {
  const details = make("details", "operation");
  const summary = make("summary");
  summary.append(make("code", "method", method.toUpperCase()), " ", make("code", "", path), " ", make("span", "faint", operation.summary));
  details.append(summary);
  if (operation.parameters) {
    details.append(make("h3", "", "Parameters"), table(operation.parameters.map((parameter) =>
      [parameter.name, parameter.in, parameter.description])));
  }
  for (const [type, content] of Object.entries(operation.requestBody?.content ?? {})) {
    details.append(make("h3", "", `Body: ${type}`), schemaNote(content.schema));
    const examples = content.examples ? Object.values(content.examples).map((example) => example.value) : content.example ? [content.example] : [];
    for (const example of examples) details.append(make("pre", "", JSON.stringify(example, null, 2)));
  }
  details.append(make("h3", "", "Answers"), table(Object.entries(operation.responses).map(([status, answer]) => {
    const whole = answer.$ref ? api.components.responses[answer.$ref.split("/").pop()] : answer;
    return [status, Object.keys(whole.content ?? {}).join(", "), whole.description];
  })));
  return details;
}

function schemaNote(schema) {
  const note = make("p", "faint", schema.description ?? "");
  for (const part of [schema, ...(schema.oneOf ?? [])]) {
    if (!part.$ref) continue;
    const name = part.$ref.split("/").pop();
    const link = make("a", "", name);
    link.href = `#${name}`;
    note.append(link, " ");
  }
  return note;
}

function table(rows) {
  const made = make("table");
  for (const row of rows) {
    const line = make("tr");
    line.append(...row.map((cell) => make("td", "", cell)));
    made.append(line);
  }
  return made;
}

function make(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
