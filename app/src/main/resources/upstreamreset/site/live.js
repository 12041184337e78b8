'use strict';
(() => {
  const MAX_KEPT = 50;
  const AGAIN = 30000;
  const SVG = 'http://www.w3.org/2000/svg';
  let paused = false;
  let waiting = [];
  let terms = [];
  let seen = {pod: '', boot: '', number: 0};

  const time = text => new Date(text).toISOString().slice(11, 23);

  function add(told) {
    const item = make('li');
    const box = make('details');
    box.append(make('summary', time(told.at) + ' · ' + named(told.scenario) + ' · ' + named(told.bytes) + ' bytes · ' + named(told.end)
      + (told.skipped ? ' · ' + named(told.skipped) + ' before it not shown' : '')));
    box.append(make('pre', visible(told.sent), {tabindex: 0}));
    item.append(box);
    $('answers').prepend(item);
    while ($('answers').children.length > MAX_KEPT) $('answers').lastChild.remove();
  }

  /** Another Pod's answers are another list. */
  function hello(told) {
    if (seen.pod && seen.pod !== told.pod) {
      $('answers').replaceChildren();
      waiting = [];
    }
    seen.pod = told.pod;
    $('pod').textContent = named(told.pod);
    $('live-state').textContent = 'Connected.';
  }

  /** A browser that was refused begins anew, and is sent again what it has. */
  function take(told, id) {
    const [boot, number] = id.split('-');
    if (boot === seen.boot && Number(number) <= seen.number) return;
    seen.boot = boot;
    seen.number = Number(number);
    if (!paused) { add(told); return; }
    waiting.push(told);
    waiting = waiting.slice(-MAX_KEPT);
  }

  $('pause').addEventListener('click', () => {
    paused = !paused;
    $('pause').setAttribute('aria-pressed', String(paused));
    $('pause').textContent = paused ? 'Go on' : 'Pause';
    if (!paused) { waiting.forEach(add); waiting = []; }
  });

  function draw(tag, attributes, text) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text) element.textContent = text;
    return element;
  }

  const from = term => Date.parse(term.from);
  const until = term => term.until ? Date.parse(term.until) : Math.max(Date.now(), from(term));
  const say = term => 'term ' + named(term.number) + ': ' + named(term.holder) + ' from ' + time(term.from)
    + (term.until ? ' to ' + time(term.until) : ' until now')
    + (term.gapMillis === undefined ? '' : ', ' + named(term.gapMillis) + ' ms after the one before');

  function lanes() {
    if (!terms.length) return;
    const names = [...new Set(terms.map(term => term.holder))];
    const begin = Math.min(...terms.map(from));
    const end = Math.max(begin + 10000, ...terms.map(until));
    const left = 200;
    const x = at => left + (at - begin) / (end - begin) * 680;
    const y = term => names.indexOf(term.holder) * 44 + 8;
    const picture = draw('svg', {viewBox: '0 0 900 ' + (names.length * 44 + 24), role: 'img',
      'aria-label': 'A lane for each candidate, a bar for each term; the list below says the same'});
    names.forEach((name, lane) => {
      picture.append(draw('line', {class: 'lane', x1: left, x2: 880, y1: lane * 44 + 24, y2: lane * 44 + 24}));
      picture.append(draw('text', {x: 0, y: lane * 44 + 28}, named(name).length > 26 ? named(name).slice(0, 25) + '…' : named(name)));
    });
    terms.forEach((term, i) => {
      const width = Math.max(3, x(until(term)) - x(from(term)));
      const bar = draw('rect', {class: term.until ? 'bar' : 'bar running', x: x(from(term)), y: y(term), width, height: 32, rx: 3});
      bar.append(draw('title', {}, say(term)));
      picture.append(bar);
      if (width > 30) picture.append(draw('text', {class: 'on', x: x(from(term)) + 6, y: y(term) + 21}, named(term.number)));
      const before = terms[i - 1];
      if (before && term.gapMillis !== undefined) {
        picture.append(draw('line', {class: 'gap', x1: x(until(before)), y1: y(before) + 16, x2: x(from(term)), y2: y(term) + 16}));
        picture.append(draw('text', {x: Math.min(x(from(term)) + 4, 800), y: Math.max(y(before), y(term)) + (y(before) === y(term)
          ? 44 : -2)}, named(term.gapMillis) + ' ms'));
      }
    });
    picture.append(draw('text', {x: left, y: names.length * 44 + 20}, time(new Date(begin).toISOString())));
    picture.append(draw('text', {x: 880, y: names.length * 44 + 20, 'text-anchor': 'end'}, time(new Date(end).toISOString())));
    $('lanes').replaceChildren(picture);
  }

  function elect(told) {
    terms = told.terms;
    const last = terms.at(-1);
    if (!last) return;
    $('election-state').textContent = last.until ? 'Nobody leads since ' + time(last.until) + '.'
      : named(last.holder) + ' leads, since ' + time(last.from) + '. Times are those that the candidates wrote on the Lease.';
    $('terms').replaceChildren(...terms.map(term => make('li', say(term))));
    const leader = document.querySelector('#who [data-of="leader"]');
    if (leader) leader.textContent = last.until ? 'nobody' : named(last.holder);
    lanes();
  }

  function connect() {
    const events = new EventSource('/events');
    const on = (name, action) => events.addEventListener(name, event => action(JSON.parse(event.data), event.lastEventId));
    on('hello', hello);
    on('answer', take);
    on('election', elect);
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) {
        $('live-state').textContent = 'Not connected: the live view is full, or ends. Next try in 30 s.';
        setTimeout(connect, AGAIN);
      } else {
        $('live-state').textContent = 'The connection ended; connecting again …';
      }
    };
  }

  if ($('who').dataset.election === 'off') $('election-state').textContent = 'This app takes part in no election.';
  if ($('who').dataset.live === 'on') {
    connect();
    setInterval(() => { if (!document.hidden && terms.length && !terms.at(-1).until) lanes(); }, 2000);
  } else {
    $('live-state').textContent = 'Off here.';
    $('pause').disabled = true;
  }
})();
