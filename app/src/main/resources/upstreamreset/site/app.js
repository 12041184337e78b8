'use strict';
const $ = id => document.getElementById(id);
const SIGNS = {passes: '✓', 'resets-before': '✗', 'resets-after': '✗', hangs: '…', damaged: '≠', refused: '✗'};
const MAX_SHOWN = 4000;
const MAX_READ = 1 << 20;
const SIDE_BY_SIDE = 4;
const way = $('who').dataset.way;
const results = new Map();
let scenarios = [];
let running = null;

function make(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** One character for each byte, made visible. */
function visible(text) {
  let shown = '';
  for (const c of text.slice(0, MAX_SHOWN)) {
    const code = c.codePointAt(0);
    shown += c === '\r' ? '\\r' : c === '\n' ? '\\n\n' : c === '\t' ? '\\t' : code >= 32 && code < 127 ? c
      : '\\x' + code.toString(16).padStart(2, '0');
  }
  return shown + (text.length > MAX_SHOWN ? '…' : '');
}

/** A word or name from elsewhere: one line of bounded length. */
const named = text => visible(String(text).slice(0, 200)).replaceAll('\n', '');

const short = e => e.status + ' ' + e.flags;

/** Asks once, and tells what came: {status, end: whole | cut | timeout | error, …}. */
async function ask(scenario) {
  const seen = {status: 0, reason: '', maker: 'nobody', headMillis: 0, millis: 0, fields: [], body: '', bytes: 0, end: 'error',
    words: ''};
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), scenario.wait);
  const stopped = () => abort.abort();
  running?.signal.addEventListener('abort', stopped);
  const start = performance.now();
  try {
    const answer = await fetch(scenario.path, {method: scenario.method || 'GET', cache: 'no-store', signal: abort.signal,
      body: scenario.body ? 'x'.repeat(scenario.body) : undefined});
    seen.headMillis = Math.round(performance.now() - start);
    seen.status = answer.status;
    seen.reason = answer.statusText;
    seen.fields = [...answer.headers];
    seen.end = 'cut';
    if (answer.body) await read(answer.body.getReader(), seen);
    seen.end = 'whole';
  } catch (e) {
    seen.words = String(e.message || e);
    if (abort.signal.aborted) seen.end = 'timeout';
  }
  clearTimeout(timer);
  running?.signal.removeEventListener('abort', stopped);
  seen.millis = Math.round(performance.now() - start);
  seen.maker = maker(seen);
  return seen;
}

async function read(reader, seen) {
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return;
    seen.bytes += value.length;
    if (seen.body.length <= MAX_SHOWN) {
      for (const b of value.subarray(0, MAX_SHOWN)) seen.body += String.fromCharCode(b);
    }
    if (seen.bytes > MAX_READ) { await reader.cancel(); return; }
  }
}

const ENVOYS_WORDS = new RegExp('^(upstream connect error|no healthy upstream|upstream request timeout|response timeout'
  + '|RBAC: access denied|local_rate_limited|fault filter abort|cluster not found|downstream duration timeout|stream timeout)');

/**
 * Who made the answer: Envoy's own words decide. Its service time stands in what any next hop made, and not in an answer that
 * came before the request was over.
 */
function maker(seen) {
  if (!seen.status) return 'nobody';
  const fields = new Map(seen.fields);
  const timed = fields.has('x-envoy-upstream-service-time');
  if (ENVOYS_WORDS.test(seen.body)) return 'Envoy';
  if (!timed && !/envoy/.test(fields.get('server') || '')) return way === 'past' ? 'the app' : 'the app or a proxy';
  return !timed && !seen.bytes && seen.status >= 400 ? 'Envoy' : 'the app, passed on by Envoy';
}

const ENDS = {whole: 'whole', cut: 'cut off', timeout: 'no end', error: 'no answer'};

/** In what the browser's result differs from what Envoy is expected to do: sentences. */
function differences(expected, seen) {
  const found = [];
  const end = {'resets-after': 'cut', hangs: 'timeout'}[expected.outcome] || (expected.status ? 'whole' : 'error');
  const status = expected.outcome === 'hangs' && !seen.status ? 0 : expected.status;
  if (seen.status !== status) found.push('status: expected ' + (status || 'none') + ', came ' + (seen.status || 'none'));
  if (seen.end !== end) found.push('end: expected ' + ENDS[end] + ', came ' + ENDS[seen.end]);
  const own = ['resets-before', 'refused'].includes(expected.outcome);
  if (own && seen.status && seen.maker !== 'Envoy') found.push('maker: expected Envoy, came ' + seen.maker);
  if (!own && seen.status && seen.maker === 'Envoy') found.push('maker: expected the app, came Envoy');
  if (expected.bytes !== undefined && seen.end === 'whole' && seen.bytes !== expected.bytes) {
    found.push('bytes of body: expected ' + expected.bytes + ', came ' + seen.bytes);
  }
  return found;
}

function judge(scenario, seen) {
  if (way === 'past') return {result: 'past', differences: []};
  const first = differences(scenario, seen);
  if (!first.length) return {result: 'same', differences: first};
  const older = (scenario.older || []).find(each => !differences(each, seen).length);
  return older ? {result: 'same', differences: [], before: older.before} : {result: 'differs', differences: first};
}

const WORDS = {same: '✓ as expected', differs: '✗ differs', past: '→ past the sidecar'};

function words(entry) {
  const {seen, judged} = entry;
  return WORDS[judged.result] + (judged.before ? ' before Envoy ' + judged.before : '') + ': '
    + (seen.status || 'no status') + ', ' + (seen.end === 'whole' ? seen.bytes + ' bytes' : ENDS[seen.end]);
}

async function run(scenario, item, open) {
  const button = item.querySelector('button');
  const chip = item.querySelector('.seen');
  button.disabled = true;
  chip.textContent = 'asking …';
  const seen = await ask(scenario);
  const entry = {seen, judged: judge(scenario, seen)};
  results.set(scenario.name, entry);
  button.disabled = false;
  chip.className = 'chip seen ' + entry.judged.result;
  chip.textContent = words(entry);
  const old = item.querySelector('.detail');
  if (old) old.remove();
  if (open) {
    await detail(scenario, item, entry);
    button.focus();
  }
  sum();
}

async function detail(scenario, item, {seen, judged}) {
  const box = make('div', '', {class: 'detail'});
  const left = make('div');
  left.append(make('h4', 'What arrived here'));
  left.append(make('p', seen.status
    ? seen.status + ' ' + named(seen.reason) + ' made by ' + seen.maker + '; head after ' + seen.headMillis + ' ms, '
      + ENDS[seen.end] + ' after ' + seen.millis + ' ms, ' + seen.bytes + ' bytes of body.'
    : 'Nothing that is a response, after ' + seen.millis + ' ms' + (seen.words ? ': ' + visible(seen.words) : '') + '.'));
  const head = seen.fields.map(([name, value]) => named(name) + ': ' + visible(value) + '\n').join('');
  left.append(make('pre', seen.status ? head + '\n' + visible(seen.body) + (seen.bytes > seen.body.length
    ? '… ' + (seen.bytes - seen.body.length) + ' bytes more' : '') : '', {tabindex: 0}));
  const expected = SIGNS[scenario.outcome] + ' ' + scenario.outcome + ' ' + short(scenario);
  const told = judged.result === 'past' ? 'Behind a sidecar, Envoy is expected to do this: ' + expected + '.'
    : judged.result === 'same' ? 'As Envoy is expected to do: ' + expected + '.'
    : 'Envoy is expected to do this: ' + expected + '. ' + judged.differences.join('; ') + '.';
  left.append(make('p', told, {class: 'verdict ' + {past: 'unknown', same: 'good', differs: 'bad'}[judged.result]}));
  box.append(left);
  item.append(box);
  try {
    const page = await (await fetch('/scenarios/' + scenario.name + '/about', {headers: {Accept: 'text/html'}})).text();
    const about = new DOMParser().parseFromString(page, 'text/html');
    const right = make('div');
    for (const id of ['sent', 'why']) {
      const part = document.importNode(about.getElementById(id), true);
      part.removeAttribute('id');
      const title = part.querySelector('h2');
      title.replaceWith(make('h4', title.textContent));
      right.append(part);
    }
    box.append(right);
  } catch (e) {
    box.append(make('p', 'What the app sent cannot be shown now: ' + visible(String(e.message || e))));
  }
}

function row(scenario) {
  const item = make('li', '', {id: 's-' + scenario.name});
  const line = make('div', '', {class: 'row'});
  const button = make('button', 'Try', {type: 'button', 'aria-label': 'Try ' + scenario.name});
  if (scenario.cannot) button.disabled = true;
  else button.addEventListener('click', () => run(scenario, item, true));
  const text = make('div');
  text.append(make('a', scenario.name, {href: '/scenarios/' + scenario.name + '/about'}), ' ' + scenario.says);
  line.append(button, text, make('span', SIGNS[scenario.outcome] + ' ' + scenario.outcome + ' ' + short(scenario),
    {class: 'chip ' + scenario.outcome}), make('span', scenario.cannot ? 'Not from a browser: ' + scenario.cannot : '',
    {class: 'chip seen'}));
  item.append(line);
  item.dataset.text = [scenario.name, scenario.family, scenario.says, scenario.outcome, scenario.status, scenario.flags].join(' ')
    .toLowerCase();
  return item;
}

function show() {
  const families = new Map();
  for (const scenario of scenarios) {
    if (!families.has(scenario.family)) {
      const section = make('section');
      section.append(make('h3', scenario.family.replaceAll('-', ' ')), make('ul', '', {class: 'scenarios'}));
      families.set(scenario.family, section);
    }
    families.get(scenario.family).lastChild.append(row(scenario));
  }
  $('families').replaceChildren(...families.values());
  sum();
}

const shown = () => scenarios.filter(scenario => !$('s-' + scenario.name).hidden);

function filter() {
  const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const item of document.querySelectorAll('.scenarios > li')) {
    item.hidden = !words.every(word => item.dataset.text.includes(word));
  }
  for (const section of document.querySelectorAll('#families > section')) {
    section.hidden = !section.querySelector('li:not([hidden])');
  }
  sum();
}

function sum() {
  const count = result => [...results.values()].filter(each => each.judged.result === result).length;
  const cannot = scenarios.filter(each => each.cannot).length;
  const parts = [shown().length + ' of ' + scenarios.length + ' scenarios shown'];
  if (results.size) {
    parts.push(results.size + ' tried');
    if (way === 'past') parts.push([...results.values()].filter(each => each.seen.end === 'whole').length
      + ' taken whole by this browser, past the sidecar');
    else parts.push(count('same') + ' as expected', count('differs') + ' differ');
  }
  parts.push(cannot + ' that a browser cannot ask for');
  $('sum').textContent = parts.join(', ') + '.';
  $('save').disabled = !results.size;
}

async function all() {
  running = new AbortController();
  const signal = running.signal;
  const queue = shown().filter(scenario => !scenario.cannot);
  const total = queue.length;
  let done = 0;
  $('all').disabled = true;
  $('stop').hidden = false;
  $('stop').focus();
  $('progress').hidden = false;
  $('progress').max = total || 1;
  $('progress').value = 0;
  const worker = async () => {
    while (queue.length && !signal.aborted) {
      const scenario = queue.shift();
      await run(scenario, $('s-' + scenario.name), false);
      $('progress').value = ++done;
    }
  };
  await Promise.all(Array.from({length: SIDE_BY_SIDE}, worker));
  running = null;
  $('all').disabled = false;
  if (document.activeElement === $('stop')) $('all').focus();
  $('stop').hidden = true;
  document.body.dataset.tried = String(done);
}

function save() {
  const told = {at: new Date().toISOString(), way, results: scenarios.map(scenario => {
    const entry = results.get(scenario.name);
    const expected = {outcome: scenario.outcome, status: scenario.status, flags: scenario.flags};
    if (scenario.cannot) return {scenario: scenario.name, expected, result: 'cannot', why: scenario.cannot};
    if (!entry) return {scenario: scenario.name, expected, result: 'not tried'};
    const {status, maker: by, headMillis, millis, bytes, end} = entry.seen;
    return {scenario: scenario.name, expected, result: entry.judged.result, differences: entry.judged.differences,
      seen: {status, maker: by, headMillis, millis, bytes, end}};
  })};
  for (const value of document.querySelectorAll('#who [data-of]')) told[value.dataset.of] = value.textContent;
  const url = URL.createObjectURL(new Blob([JSON.stringify(told, null, 1) + '\n'], {type: 'application/json'}));
  make('a', '', {href: url, download: 'upstream-reset.json'}).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** Behind a Service any Pod may answer; an update shows here too. */
async function who() {
  if (document.hidden) return;
  try {
    const told = await (await fetch('/', {headers: {Accept: 'application/json'}, cache: 'no-store'})).json();
    for (const [name, value] of Object.entries(told)) {
      const place = document.querySelector('#who [data-of="' + CSS.escape(name) + '"]');
      if (place) place.textContent = named(value) || 'nobody';
    }
  } catch (e) {
    // the next time
  }
}

$('search').addEventListener('input', filter);
$('all').addEventListener('click', all);
$('stop').addEventListener('click', () => running?.abort());
$('save').addEventListener('click', save);
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/' && event.target.tagName !== 'INPUT') { event.preventDefault(); $('search').focus(); }
  if (event.key === 'Escape' && event.target === $('search')) { $('search').value = ''; filter(); }
});
setInterval(who, 10000);
fetch('/page/scenarios.json').then(answer => answer.json()).then(told => { scenarios = told.scenarios; show(); })
  .catch(e => { $('sum').textContent = 'The catalogue did not come: ' + visible(String(e.message || e)); });
