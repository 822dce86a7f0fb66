'use strict';
// The API key of a server that asks for one. It stays in this tab, goes out in the headers of this page's own requests, and opens the socket by way
// of a one-time ticket.

class KeyNeeded extends Error {}

const apiKey = {
    get: () => sessionStorage.getItem('stashai-api-key'),
    set: key => sessionStorage.setItem('stashai-api-key', key),
    forget: () => sessionStorage.removeItem('stashai-api-key'),
};

/** Where this server is, without a slash at its end: behind a proxy, perhaps below a path. */
const serverUrl = new URL('.', location.href).href.replace(/\/$/, '');

/** A path of this server as a browser reaches it. Answers of the server name it already with the path of a proxy. */
function own(address) {
    if (typeof address !== 'string' || !address.startsWith('/')) return address;
    const base = new URL(serverUrl).pathname;
    return base === '/' || address.startsWith(base + '/') ? address : base + address;
}

{
    const plain = window.fetch.bind(window);
    window.fetch = (path, settings = {}) => {
        const address = own(path);
        const key = apiKey.get();
        if (!key || new URL(address, location.href).origin !== location.origin) return plain(address, settings);
        const headers = new Headers(settings.headers);
        headers.set('X-API-Key', key);
        return plain(address, { ...settings, headers });
    };
}

/** A ticket for a socket; null where nobody needs one. */
async function ticketForSocket() {
    const key = apiKey.get();
    const answer = await (key ? fetch('/api/ws/ticket', { method: 'POST' }) : fetch('/api/queue/jobs?limit=1'));
    if (answer.ok) return key ? (await answer.json()).ticket : null;
    const problem = await answer.json();
    if (answer.status !== 401 && answer.status !== 429) throw new Error(problem.detail);
    apiKey.forget();
    throw new KeyNeeded(key ? problem.detail : '');
}

/** Shows a picture of this server, which an image element cannot ask for with a key. */
async function showPicture(image, address) {
    if (!apiKey.get()) {
        image.src = own(address);
        return;
    }

    const answer = await fetch(address);
    if (!answer.ok) return;
    image.addEventListener('load', () => URL.revokeObjectURL(image.src), { once: true });
    image.src = URL.createObjectURL(await answer.blob());
}
