'use strict';
// The page around QueueMonitor: it makes jobs, and shows what the monitor's socket brings. The bar moves by the monitor's own hand.

const LONGEST_LOG = 200;
const OVER = new Set(['completed', 'partial', 'failed', 'cancelled']);
const part = id => document.getElementById(id);

let monitor;
let job = null;
let shown = new Map();
let said = [];
let count = 0;

async function connect(wait = 1000) {
    let ticket;
    try {
        ticket = await ticketForSocket();
    } catch (error) {
        if (error instanceof KeyNeeded) ask(error.message);
        else lose(wait);
        return;
    }

    const own = monitor = new QueueMonitor(serverUrl.replace(/^http/, 'ws'));
    own.ws.addEventListener('open', () => {
        if (ticket) own.ws.send(JSON.stringify({ type: 'auth', token: ticket }));
    });
    own.ws.addEventListener('message', event => {
        if (own !== monitor) return;
        if (JSON.parse(event.data).type === 'connection_established') {
            wait = 1000;
            tell('live');
            if (job) follow(job);
        }
        hear(event.data);
    });
    own.ws.addEventListener('close', () => {
        if (own === monitor) lose(wait);
    });
}

function lose(wait) {
    tell('lost');
    setTimeout(() => connect(Math.min(wait * 2, 15000)), wait);
}

function tell(state) {
    part('socket').textContent = { live: 'live', lost: 'not connected', locked: 'needs a key' }[state];
    part('socket').className = 'pill ' + state;
    part('run').disabled = part('own').disabled = state !== 'live';
    part('entry').hidden = state !== 'locked';
    part('forget').hidden = state !== 'live' || !apiKey.get();
}

/** Asks for an API key, and says why the one before did not do. */
function ask(reason) {
    tell('locked');
    part('refusal').textContent = reason;
    part('refusal').hidden = !reason;
    part('key').focus();
}

function hear(text) {
    said.push(text.length > 400 ? text.slice(0, 400) + ' …' : text);
    if (said.length > LONGEST_LOG) said.shift();
    part('log').textContent = said.join('\n');
    part('said').textContent = ++count;
    const message = JSON.parse(text);
    if (message.type === 'job_progress' && message.job_id === job?.id) showJob(message);
    if (message.type === 'task_status' && message.job_id === job?.id) showTask(message);
}

function follow(next) {
    monitor.subscribeToJob(next.id);
    next.tasks.forEach(id => monitor.subscribeToTask(id));
}

function begin(answer) {
    if (!answer.job_id) return complain(answer.detail ?? 'The server did not make a job.');
    part('message').hidden = true;
    part('empty').hidden = true;
    part('results').replaceChildren();
    part('progress').value = 0;
    part('faces').textContent = 0;
    shown = new Map();
    job = { id: answer.job_id, tasks: answer.task_ids ?? [], isOver: false };
    part('job').textContent = 'The job is durable, and waits for a worker';
    follow(job);
}

function complain(text) {
    part('message').textContent = text;
    part('message').hidden = false;
}

function showJob(message) {
    const { status, total_tasks: total, completed_tasks: done } = message;
    const isOne = total === 1;
    part('job').textContent = {
        pending: isOne ? 'The photo waits for a worker' : `${total} photos wait for a worker`,
        running: isOne ? 'Looking at the photo' : `Looking at ${total} photos`,
        completed: isOne ? 'The photo is done' : `All ${total} photos are done`,
        partial: `${done} of ${total} photos are done`,
        failed: isOne ? 'The photo could not be looked at' : `None of ${total} photos could be looked at`,
        cancelled: 'The job was cancelled',
    }[status] ?? status;
    part('done').textContent = `${done} of ${total}`;
    part('running').textContent = message.running_tasks;
    part('failed').textContent = message.failed_tasks;
    if (OVER.has(status) && !job.isOver) {
        job.isOver = true;
        finish(job).catch(error => complain(error.message));
    }
}

/** The consolidated results: what the job found all together, and answers that were too long for a message. */
async function finish(over) {
    const answer = await (await fetch(`/api/queue/status/${over.id}?limit=1000`)).json();
    if (over !== job) return;
    answer.results?.forEach(showTask);
    part('faces').textContent = answer.aggregate_results?.faces ?? 0;
}

function showTask(task) {
    if (task.status !== 'completed' && task.status !== 'failed') return;
    const card = shown.get(task.task_id) ?? add(task);
    const faces = task.output_json?.data?.[0] ?? [];
    const names = faces.flatMap(face => face.performers?.slice(0, 1) ?? []).map(person => `${person.name} ${Math.round(person.confidence)} %`);
    card.item.className = task.status;
    card.what.textContent = task.status === 'failed'
        ? task.error_message
        : names.join(', ') || (faces.length === 0 ? 'No face' : faces.length === 1 ? 'One face' : `${faces.length} faces`);
    card.time.textContent = task.processing_time_ms == null ? '' : `${Math.round(task.processing_time_ms)} ms`;
    card.crops.replaceChildren(...faces.filter(face => /^[A-Za-z0-9+/=]+$/.test(face.image ?? '')).slice(0, 8).map(face => {
        const crop = new Image();
        crop.src = 'data:image/jpeg;base64,' + face.image;
        crop.alt = '';
        return crop;
    }));
    if (!job.isOver) part('faces').textContent = [...shown.values()].reduce((sum, one) => sum + one.faces, 0) + faces.length - card.faces;
    card.faces = faces.length;
}

/** Cards stand in the order of the photos, whatever the order they come in. */
function add(task) {
    const place = job.tasks.indexOf(task.task_id);
    const item = document.createElement('li');
    const photo = new Image();
    photo.className = 'photo';
    photo.loading = 'lazy';
    photo.alt = `Photo ${place + 1}`;
    showPicture(photo, `/api/queue/task/${task.task_id}/input/image`);
    const text = element('div', 'text', item, photo);
    const title = element('div', 'title', text);
    element('span', '', title).textContent = `Photo ${place + 1}`;
    const time = element('span', '', title);
    const card = { item, place, time, what: element('p', 'what', text), crops: element('div', 'crops', text), faces: 0 };
    const after = [...shown.values()].filter(one => one.place > place).sort((one, two) => one.place - two.place)[0];
    part('results').insertBefore(item, after?.item ?? null);
    shown.set(task.task_id, card);
    return card;
}

function element(name, className, parent, before) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (before) parent.append(before);
    parent.append(made);
    return made;
}

async function base64(file) {
    const url = await new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(file);
    });
    return url.slice(url.indexOf(',') + 1);
}

async function attempt(make) {
    part('run').disabled = part('own').disabled = true;
    try {
        begin(await make());
    } catch (error) {
        complain(error.message);
    } finally {
        part('run').disabled = part('own').disabled = monitor?.ws.readyState !== WebSocket.OPEN;
    }
}

part('run').addEventListener('click', () => attempt(async () => {
    const answer = await fetch('/api/demo/visage/job', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ demo_task_count: Number(part('count').value) }),
    });
    return answer.json();
}));

part('own').addEventListener('change', () => attempt(async () => {
    const images = await Promise.all([...part('own').files].map(base64));
    part('own').value = '';
    return monitor.createAndMonitorVisageJob(images);
}));

part('entry').addEventListener('submit', event => {
    event.preventDefault();
    const key = part('key').value.trim();
    part('key').value = '';
    if (!/^[!-~]+$/.test(key)) return ask('An API key is one word of letters, digits and signs.');
    apiKey.set(key);
    connect();
});

part('forget').addEventListener('click', () => {
    apiKey.forget();
    const gone = monitor;
    monitor = undefined;
    gone.ws.close(1000);
    connect();
});

connect();
