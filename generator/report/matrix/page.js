"use strict";
// The page comes with the whole table. This script keeps its rows, shows those that match, forty at a time, and sorts them.
// While somebody types it draws only about as many as a screen holds: the others follow in a pause.
(() => {
  const step = 40, screen = 16, pause = 120, denied = "5";
  const $ = id => document.getElementById(id);
  const matrix = $("matrix"), body = matrix.tBodies[0], grants = $("grants").tBodies[0];
  const sheet = document.styleSheets[0];
  const callers = [...$("caller").options].slice(1).map(o => o.text);
  const rows = [...body.rows].map((element, index) => {
    const cells = element.cells, last = cells.length - 1;
    const row = {
      element, index, codes: element.dataset.codes,
      method: cells[0].textContent, path: cells[1].textContent.toLowerCase(),
      requires: cells[last - 1].textContent.toLowerCase(), name: cells[last].textContent.toLowerCase(),
    };
    row.text = [row.method.toLowerCase(), row.path, row.requires, row.name, element.dataset.labels.toLowerCase()].join("\n");
    return row;
  });
  let sorted = rows, found = [], limit = step, order = { column: -1, down: false }, hidden = -1;

  // A row matches in each column of a caller whose verdict is the chosen one.
  const accepts = (code, verdict) => verdict === "" || (verdict === "in" ? code < "4" : code === verdict);

  const read = () => ({
    words: $("search").value.toLowerCase().split(/\s+/).filter(Boolean),
    path: $("path").value.trim().toLowerCase(),
    method: $("method").value, caller: $("caller").value, verdict: $("verdict").value,
  });

  const matches = (row, filter) =>
    (filter.method === "" || row.method === filter.method) && row.path.includes(filter.path) &&
    filter.words.every(word => row.text.includes(word));

  const inMatrix = filter => sorted.filter(row => matches(row, filter) && (filter.verdict === "" ||
    (filter.caller === "" ? [...row.codes].some(code => accepts(code, filter.verdict)) : accepts(row.codes[filter.caller], filter.verdict))));

  const inGrants = filter => {
    const kept = sorted.filter(row => matches(row, filter)), all = [];
    callers.forEach((_, i) => {
      if (filter.caller !== "" && filter.caller !== String(i)) return;
      for (const row of kept) {
        const code = row.codes[i];
        if (filter.verdict === "" ? code !== denied : accepts(code, filter.verdict)) all.push([i, row]);
      }
    });
    return all;
  };

  const cell = (tag, style, text) => {
    const element = document.createElement(tag), name = document.createElement("bdi");
    element.className = style;
    name.textContent = text;
    element.append(name);
    return element;
  };

  const grant = ([i, row]) => {
    const element = document.createElement("tr"), cells = row.element.cells;
    element.append(cell("td", "role", callers[i]), cells[i + 2].cloneNode(true), cells[0].cloneNode(true),
      cells[1].cloneNode(true), cells[cells.length - 2].cloneNode(true), cells[cells.length - 1].cloneNode(true));
    return element;
  };

  const byRole = () => $("view").value === "grants";

  // onlyCaller hides the columns of the other callers: a rule of the style sheet is quicker than a class for each cell.
  const onlyCaller = caller => {
    if (hidden >= 0) sheet.deleteRule(hidden);
    hidden = caller === "" ? -1 : sheet.insertRule(`#matrix tr > .caller:not(:nth-child(${Number(caller) + 3})) { display: none }`, sheet.cssRules.length);
    matrix.classList.toggle("one", caller !== "");
  };

  const elements = (from, to) => found.slice(from, to).map(byRole() ? grant : row => row.element);

  // draw shows the first rows, and fill the others up to the limit.
  let filling, drawn = 0;
  const draw = () => {
    clearTimeout(filling);
    drawn = Math.min(screen, found.length);
    (byRole() ? grants : body).replaceChildren(...elements(0, drawn));
    filling = setTimeout(fill, pause);
    showRest();
  };

  const fill = () => {
    clearTimeout(filling);
    const to = Math.min(limit, found.length);
    (byRole() ? grants : body).append(...elements(drawn, to));
    drawn = Math.max(drawn, to);
    showRest();
  };

  const showRest = () => {
    const left = Math.max(0, found.length - limit);
    $("rest").hidden = left === 0;
    $("more").textContent = `Show ${Math.min(step, left)} more of ${left}`;
  };

  const number = n => n.toLocaleString("en");
  const noun = (n, word) => `${number(n)} ${word}${n === 1 ? "" : "s"}`;

  const update = () => {
    const filter = read();
    found = byRole() ? inGrants(filter) : inMatrix(filter);
    limit = step;
    draw();
    $("count").textContent = byRole() ? noun(found.length, "entry").replace("entrys", "entries") : `${number(found.length)} of ${noun(rows.length, "operation")}`;
  };

  const change = () => {
    onlyCaller($("caller").value);
    $("matrix-region").hidden = byRole();
    $("grants-region").hidden = !byRole();
    update();
  };

  const keys = { 0: row => row.method, 1: row => row.path };
  const sort = column => {
    if (order.column !== column) order = { column, down: false };
    else if (!order.down) order = { column, down: true };
    else order = { column: -1, down: false };
    [...matrix.tHead.rows[0].cells].forEach((th, i) => {
      if (i === order.column) th.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    });
    const last = callers.length + 2, key = keys[column] || (column === last ? row => row.requires : column > last ? row => row.name : row => row.codes[column - 2]);
    const sign = order.down ? -1 : 1;
    sorted = order.column < 0 ? rows : [...rows].sort((a, b) => {
      const x = key(a), y = key(b);
      return x < y ? -sign : x > y ? sign : a.index - b.index;
    });
    update();
  };

  [...matrix.tHead.rows[0].cells].forEach((th, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...th.childNodes);
    button.addEventListener("click", () => sort(i));
    th.append(button);
  });
  const form = $("filters");
  form.addEventListener("input", event => event.target.type === "search" ? update() : change());
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(change));
  $("more").addEventListener("click", () => { limit += step; fill(); });
  $("everything").addEventListener("click", () => { limit = Infinity; fill(); });
  let before = { limit, open: false };
  addEventListener("beforeprint", () => {
    before = { limit, open: $("legend").open };
    limit = Infinity;
    $("legend").open = true;
    fill();
  });
  addEventListener("afterprint", () => {
    limit = before.limit;
    $("legend").open = before.open;
    draw();
  });
  form.hidden = false;
  change();
})();
