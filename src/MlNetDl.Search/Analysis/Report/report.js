(function () {
  'use strict';
  var pageSize = 100, hidden = ['attempt', 'worker', 'started', 'finished'];
  var byId = function (id) { return document.getElementById(id); };
  var csv = JSON.parse(byId('csv').textContent);

  // Comma-separated values as in RFC 4180. An apostrophe keeps spreadsheets from running a text: it is taken off here.
  function parse(text) {
    var rows = [], row = [], cell = '', quoted = false;
    var end = function () { row.push(cell.replace(/^'(?='*[=+\-@\t\r])/, '')); cell = ''; };
    for (var i = 0; i < text.length; i++) {
      var c = text[i];
      if (quoted) {
        if (c !== '"') cell += c;
        else if (text[i + 1] === '"') { cell += c; i++; }
        else quoted = false;
      } else if (c === '"') quoted = true;
      else if (c === ',') end();
      else if (c === '\n') { end(); rows.push(row); row = []; }
      else cell += c;
    }
    return rows;
  }

  function isNumber(text) { return text === 'NaN' || (text.trim() !== '' && !isNaN(text)); }

  function short(text) {
    var value = Number(text);
    if (text === '' || !isFinite(value) || /^-?\d+$/.test(text)) return text;
    var size = Math.abs(value);
    return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(4).replace(/\.?0+e/, 'e') : String(Number(value.toPrecision(6)));
  }

  var rows = parse(csv), names = rows.shift();
  var columns = names.map(function (name, at) {
    return { name: name.replace(/^(param|attribute)\./, ''), at: at, shown: hidden.indexOf(name) < 0 && rows.some(function (r) { return r[at] !== ''; }),
      numeric: rows.every(function (r) { return r[at] === '' || isNumber(r[at]); }) };
  }).filter(function (c) { return c.shown; });
  rows.forEach(function (r) { r.text = r.join(' ').toLowerCase(); });

  var sort = columns[0], down = false, page = 0, view = rows;
  var stateAt = names.indexOf('state'), heads = [];

  // What is missing, or no number, comes last in both orders.
  function compare(a, b) {
    var x = a[sort.at], y = b[sort.at], order;
    if (sort.numeric) {
      var p = x === '' ? NaN : Number(x), q = y === '' ? NaN : Number(y);
      if (isNaN(p) || isNaN(q)) return isNaN(p) - isNaN(q);
      order = p < q ? -1 : p > q ? 1 : 0;
    } else {
      if (x === '' || y === '') return (x === '') - (y === '');
      order = x < y ? -1 : x > y ? 1 : 0;
    }
    return down ? -order : order;
  }

  function update() {
    var words = byId('filter').value.toLowerCase().split(/\s+/), state = byId('state').value;
    view = rows.filter(function (r) {
      return (!state || r[stateAt] === state) && words.every(function (w) { return r.text.indexOf(w) >= 0; });
    });
    if (sort) view.sort(compare);
    page = 0;
    draw();
  }

  function draw() {
    var body = document.createElement('tbody'), from = page * pageSize, pages = Math.max(1, Math.ceil(view.length / pageSize));
    view.slice(from, from + pageSize).forEach(function (r) {
      var line = body.insertRow();
      columns.forEach(function (c) {
        var cell = line.insertCell(), text = r[c.at];
        // Long texts, such as errors, run over several lines.
        var long = !c.numeric && text.length > 40;
        (long ? cell.appendChild(document.createElement('div')) : cell).textContent = c.numeric ? short(text) : text;
        if (c.numeric || long) cell.className = long ? 'text' : 'number';
        if (cell.textContent !== text) cell.title = text;
      });
    });
    table.replaceChild(body, table.tBodies[0]);
    heads.forEach(function (h) {
      if (h.column === sort) h.cell.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      else h.cell.removeAttribute('aria-sort');
    });
    byId('count').textContent = rows.length === 0 ? 'No trials yet.' : view.length === rows.length ? rows.length + ' trials' : view.length + ' of ' + rows.length + ' trials';
    byId('previous').hidden = byId('next').hidden = pages === 1;
    byId('previous').disabled = page === 0;
    byId('next').disabled = page === pages - 1;
    byId('page').textContent = pages === 1 ? '' : 'Page ' + (page + 1) + ' of ' + pages;
  }

  var table = document.createElement('table'), top = table.createTHead().insertRow();
  table.appendChild(document.createElement('tbody'));
  columns.forEach(function (c) {
    var cell = document.createElement('th'), button = document.createElement('button');
    cell.scope = 'col';
    if (c.numeric) cell.className = 'number';
    button.type = 'button';
    button.textContent = c.name;
    button.addEventListener('click', function () { down = sort === c && !down; sort = c; update(); });
    cell.appendChild(button);
    top.appendChild(cell);
    heads.push({ cell: cell, column: c });
  });
  rows.map(function (r) { return r[stateAt]; }).filter(function (s, i, all) { return all.indexOf(s) === i; }).forEach(function (s) {
    var option = document.createElement('option');
    option.textContent = option.value = s;
    byId('state').appendChild(option);
  });
  byId('list').appendChild(table);
  byId('filter').addEventListener('input', update);
  byId('state').addEventListener('change', update);
  function turn(by) { page += by; draw(); byId('list').scrollTop = 0; }
  byId('previous').addEventListener('click', function () { turn(-1); });
  byId('next').addEventListener('click', function () { turn(1); });
  byId('download').href = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' }));
  update();
}());
