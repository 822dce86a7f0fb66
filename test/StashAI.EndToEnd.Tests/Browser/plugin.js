'use strict';
// What the Stash plugin asks a gateway for, in its order, with its headers and its deadlines. Each step fails when its deadline passes.

const JSON_HEADERS = { 'Content-Type': 'application/json' };

async function ask(base, path, deadline, init = {}) {
    const response = await fetch(base + path, { ...init, signal: deadline ? AbortSignal.timeout(deadline) : undefined });
    return { ok: response.ok, status: response.status, body: await response.json() };
}

async function need(...request) {
    const answer = await ask(...request);
    if (!answer.ok) throw new Error(`${request[1]}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
}

const post = body => ({ method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(body) });

const plugin = {
    /** The button looks whether there is a server at all. */
    discover: base => need(base, '/health', 2000, { headers: { ...JSON_HEADERS, 'Cache-Control': 'no-cache' } }),

    test: base => need(base, '/health', 10000, { headers: JSON_HEADERS }),

    suite: base => need(base, '/api/queue/jobs?limit=3&include_completed=true&include_partial=true', 3000, { headers: JSON_HEADERS }),

    /** The settings page: a list, then each job, one after the other, all within 15 seconds. */
    async history(base, status) {
        const signal = AbortSignal.timeout(15000);
        const get = async path => (await fetch(base + path, { signal, headers: JSON_HEADERS })).json();
        const { jobs } = await get('/api/queue/jobs?limit=50' + (status ? '&status=' + status : ''));
        const seen = [];
        for (const job of jobs) {
            const { tasks, ...detail } = await get('/api/queue/job/' + job.job_id);
            seen.push({
                name: detail.job_name,
                adapter: detail.adapter_name,
                status: detail.status,
                entity: detail.job_config.entity_type ?? detail.job_config.additional_params?.entity_type,
                total: detail.total_tasks,
                tasks: tasks.length,
                inOrder: tasks.every((task, index) => task.input_data.batch_index === index),
                pictures: tasks.filter(task => task.input_data.image.startsWith('/9j/')).length,
                statuses: [...new Set(tasks.map(task => task.status))].sort(),
                names: tasks.filter(task => task.output_json?.data[0][0].performers[0].name === 'Ann').length,
            });
        }
        return seen;
    },

    image: (base, visage, picture) => need(base, '/api/visage/task', 0, post({
        service_type: 'visage',
        image_data: { stash_image_id: '42', image_base64: picture, stash_image_title: 'One', image_metadata: { urls: [], galleries: [] } },
        config: {
            threshold: 0.7,
            service_config: { api_endpoint: visage, max_faces: 10, return_embeddings: false, detection_mode: 'multi' },
            source: 'ai_overhaul_button',
        },
    })),

    imageOfEndpoints: (base, visage, picture) => need(base, '/api/visage/task', 10000, post({
        image_id: '42', image_data: picture, threshold: 0.7, visage_api_url: visage, additional_params: { max_faces: 10 },
    })),

    scene: (base, visage) => ask(base, '/api/visage/task', 0, post({
        scene_id: '9', threshold: 0.7, visage_api_url: visage,
        additional_params: { max_faces: 10, return_embeddings: false, source: 'ai_overhaul_button', entity_type: 'scene', entity_id: '9', batch_context: { selection_type: 'scenes', batch_size: 2 } },
    })),

    images: (base, visage, pictures) => need(base, '/api/visage/job', 0, post({
        images: pictures,
        visage_api_url: visage,
        config: {
            threshold: 0.7,
            job_name: `Multi-Select Batch: ${pictures.length} images`,
            user_id: 'ai_overhaul_button',
            session_id: 'multi_select_batch_session',
            additional_params: { max_faces: 10, return_embeddings: false, source: 'ai_overhaul_button', entity_type: 'image' },
        },
    })),

    tasks: base => need(base, '/api/queue/tasks?limit=20&offset=0&status=finished', 10000, { headers: JSON_HEADERS }),

    stats: base => need(base, '/api/queue/stats', 10000, { headers: JSON_HEADERS }),

    job: (base, id) => need(base, '/api/queue/job/' + id, 10000, { headers: JSON_HEADERS }),

    task: (base, id) => need(base, '/api/queue/task/' + id, 10000, { headers: JSON_HEADERS }),

    /** Cancels each task that is not over, one after the other. */
    async cancel(base, id) {
        const { tasks } = await plugin.job(base, id);
        const messages = [];
        for (const task of tasks.filter(task => task.status === 'pending' || task.status === 'running'))
            messages.push((await need(base, '/api/queue/cancel/' + task.task_id, 0, { method: 'POST', headers: JSON_HEADERS })).message);
        return messages;
    },

    /** The socket of the task tracker; resolves with all messages once the job and the task have ended. */
    track: (base, jobId, taskId) => new Promise((resolve, reject) => {
        const socket = new WebSocket(base.replace('http', 'ws') + '/ws/ai_overhaul_session');
        const connecting = setTimeout(() => reject(new Error('The socket did not open within 10 s.')), 10000);
        const messages = [];
        const open = new Set([jobId, taskId]);
        socket.onerror = () => reject(new Error('The socket failed.'));
        socket.onopen = () => {
            clearTimeout(connecting);
            socket.send(JSON.stringify({ type: 'subscribe_task', task_id: taskId }));
            socket.send(JSON.stringify({ type: 'subscribe_job', job_id: jobId }));
        };
        socket.onmessage = ({ data }) => {
            const message = JSON.parse(data);
            messages.push(message);
            if (message.type === 'task_status' && ['finished', 'failed', 'cancelled'].includes(message.status)) open.delete(message.task_id);
            if (message.type === 'job_progress' && ['completed', 'finished', 'failed'].includes(message.status)) open.delete(message.job_id);
            if (open.size > 0) return;
            socket.send(JSON.stringify({ type: 'unsubscribe_task', task_id: taskId }));
            socket.send(JSON.stringify({ type: 'unsubscribe_job', job_id: jobId }));
            socket.close(1000);
            resolve(messages);
        };
    }),
};
