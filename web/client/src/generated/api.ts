// Made by `npm run types` from the OpenAPI document of the server; do not edit.
export interface paths {
    "/api/ws/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A ticket that opens one WebSocket or event stream
         * @description For browsers, where the server asks for API keys: `?ticket=` uses it up.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        post: operations["ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What runs here, and its routes
         * @description A browser, whose `Accept` names `text/html`, gets the dashboard instead.
         *
         *     Needs no API key.
         */
        get: operations["root"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the server is
         * @description 200 while it can take work; 503 with the same fields while its database cannot be reached.
         *
         *     Needs no API key.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether it can take work
         * @description 503 with the same fields while its database cannot be reached.
         *
         *     Needs no API key.
         */
        get: operations["health-ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visage/job": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find the faces of many photos
         * @description One task for each photo. `images` holds base64, with or without a `data:` prefix; the body is read as a stream and may have gigabytes. `visage_api_url` may be left out: then the configured service is called. Photos may also be `items`, with settings of their own, the lines of NDJSON, the files of a form, or files of the server (`path`, `folder`); `GET /api/services/visage/schema` describes an item.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["visage-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visage/batch/identify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find the faces of many photos, as the face service calls it
         * @description Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["visage-identify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visage/task": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find the faces of one photo
         * @description The photo is `image`, or `image_data` as text, or `image_data` as an object with `image_base64`. It may also be `{"url":…}` or `{"path":…}`, or the file of a form.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["visage-task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visage/batch/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare pairs of photos or people
         * @description One task for each pair. Each side is a photo (`image1`, `image2`) or a person of the gallery (`person1`, `person2`); of a photo with several faces the closest counts, unless `face1` or `face2` chooses one. A result has the similarity, the distance, the confidence in percent and `is_match`; the aggregate counts the matches and names their places.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["visage-compare"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visage/batch/one-to-many": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare one photo or person with many
         * @description One task for each item. The target's photo is stored once. The aggregate ranks the items, the most alike first, at most 100.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["visage-one-to-many"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visage/batch/video": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find the faces of videos, and when they appear
         * @description One task for each video, which the face service reads with ffmpeg; without ffmpeg the tasks fail and say so. A video is base64, a file of a form, a file of the server (`path`), all videos of a folder (`folder`), or an address (`url`), whose bytes are passed on without being stored. A result has the cover, the frames with their times and faces, and the people with the times of each.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["visage-video"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visage/job/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The answers of the face service to a job, untouched
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["visage-results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visage/task/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The answer of the face service to a task, untouched
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["visage-result"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visage/job/{id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The items of a job that show a person
         * @description In the order of the items, those that are over so far. A page looks at 2,000 results at most: it may then have fewer items than `limit`, or none, while `next` goes on.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["visage-person-items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visage/pictures/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The picture of a person that the face service knows
         * @description Results hold these links in place of the face service's own addresses. They are valid for a day or two and take no key.
         *
         *     Needs no API key.
         */
        get: operations["visage-picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of the people that the face service knows
         * @description `faces` counts the enrolled faces of each, `total` the people that match. `image` is a link that needs no key and is valid for a day. With `in_job`, each person also has `photos`, the number of photos of the job that show the person, and `best_confidence`, the best of their matches. A person who is not in the gallery any more has the id and the name of the results, and the times are null.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-people"];
        put?: never;
        /**
         * Add a person, with photos
         * @description `photos` are base64 texts, or `{"image":…,"face":{"x":10,"y":20}}` where a photo shows several people; `faces` are faces of earlier answers with their embeddings, or faces of stored results, each named by its task and its position in the result, `{"task":…,"face":0}`. Such results are judged again: at once, or once the face service answers (`waiting`), and the other results of their jobs after them (`rematch`). A form (`multipart/form-data`) with any number of files and the other fields as text parts does the same. All photos are enrolled, or none: the error names the photo. The same face of the same file is kept once. A name that somebody else has is a 409 with that person's `person_id`.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["enrol-person"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A person
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["show-person"];
        put?: never;
        post?: never;
        /**
         * Delete a person, from the gallery and from all results
         * @description The person is deleted in the gallery, and then removed from everything that is stored: in the results of all jobs a face whose best match is the person loses its picture, its embedding and its name, and keeps its box; the summaries of jobs, the inputs that name the person, messages of failures and the log of changes follow. The answer is an erasure; `GET /api/people/erasures/{id}` tells how far it is. It survives crashes and restarts. If the face service cannot be reached, it stays open, says so in `reason`, and is tried again. Repeating the request is harmless.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        delete: operations["delete-person"];
        options?: never;
        head?: never;
        /**
         * Rename a person, or change other fields
         * @description Members that are not sent stay.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        patch: operations["change-person"];
        trace?: never;
    };
    "/api/people/{id}/photos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The photos that show a person, best first
         * @description Over all jobs, also of videos. The person is the best match of each face in `faces`; `face` is its position in `data[0]` of the result, or among the faces of all frames of a video, whose `time` is in seconds; and `confidence` is the best of them. It is answered from the stored results, also while the face service is down.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-photos-of-person"];
        put?: never;
        /**
         * Add photos of a person
         * @description `photos` are base64 texts, or `{"image":…,"face":{"x":10,"y":20}}` where a photo shows several people; `faces` are faces of earlier answers with their embeddings, or faces of stored results, each named by its task and its position in the result, `{"task":…,"face":0}`. Such results are judged again: at once, or once the face service answers (`waiting`), and the other results of their jobs after them (`rematch`). A form (`multipart/form-data`) with any number of files and the other fields as text parts does the same. All photos are enrolled, or none: the error names the photo. The same face of the same file is kept once.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["add-photos"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/together": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is on photos of a person, most photos first
         * @description `photos` counts the photos that show both. Of a person with more than 20,000 photos, those with the best matches count; then `total_is_exact` is false. While the face service is down, the names are those of the results.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-people-together"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join people who are one
         * @description The person takes over the faces and rejections of those in `from`, who are deleted. A face that was rejected for one of them and matches another is of the person that they are now: that rejection is dropped. Results that show those in `from` are judged again, as far as what they were computed from is stored: some at once, the others of their jobs after them (`rematch`).
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["merge-people"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The picture of a person's best face
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["person-picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/faces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The enrolled faces of a person, in the order of enrolment
         * @description `picture` shows each of them, so that a wrong one can be seen and taken out.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-faces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/faces/{face}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The picture of an enrolled face
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["face-picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/faces/{face}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a wrong face out
         * @description Where the server has API keys, this takes one of the scope `operate`.
         */
        delete: operations["delete-face"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move some faces of a person to somebody else
         * @description `faces` are ids of enrolled faces of the person, of whom at least one stays; `into` is the person whose they are, or `name` that of a new one. What somebody had rejected of them for that person is dropped. Results that show the person are judged again, as far as what they were computed from is stored: some at once, the others of their jobs after them (`rematch`).
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["split-person"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Removals of people, newest first
         * @description When one is over, nothing tells whom it removed: `person_id` is null.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-erasures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/erasures/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far the removal of a person is
         * @description Of `jobs_total` jobs `jobs_done` name the person no longer. A job with calls that had begun before waits for them.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["show-erasure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The whole gallery as one file
         * @description One line of JSON for each person, with the embeddings and pictures of all faces. An import reads it.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        get: operations["export-people"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import an exported gallery
         * @description Importing twice changes nothing. An error names the line; the lines before it were imported.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["import-people"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/import/folder": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enrol people from a folder of the server
         * @description The folder is under `ALLOWED_FOLDERS` and contains one folder for each person, named like the person, with photos. The answer has a line of JSON for each photo, as it is done: `person`, `file`, `person_id`, and `refusal` for one that cannot be used. It can be repeated: nothing is added twice.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["import-people-folder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/faces/{face}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The picture of a face of a result
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["result-face-picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/rejections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rejected faces of a person, oldest first
         * @description `picture` shows the face while its result is stored. A face that came as an embedding has no `task`.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-rejections"];
        put?: never;
        /**
         * Say that faces are not of a person
         * @description From now on nobody takes them, and faces that are closer to them than to all enrolled faces of the person, for that person. `faces` are faces of stored results, named by task and position, or of earlier answers with their embeddings. The results are judged again: at once, or once the face service answers (`waiting`), and the other results of their jobs after them. Enrolling the face takes the rejection back.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["reject-faces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/rejections/{rejection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a rejection back
         * @description Its result is judged again, if it is still stored.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        delete: operations["delete-rejection"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of jobs by any filter
         * @description All filters can be combined. A read looks at a bounded number of entries: a page may have fewer than `limit`, or none, while `next` goes on. `total` comes from counters, or counts what the first read found; then `total_is_exact` is false when there may be more.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A job without its tasks
         * @description `tasks_ahead` counts tasks of other jobs that are served before its last one. `waiting` says why it waits: a service that is down, since when and when it is asked again, allowed hours, or a pause and which request ends it.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["show-job"];
        put?: never;
        post?: never;
        /**
         * Delete a job with its inputs and results
         * @description A job that runs is cancelled first. From a 204 on no list shows it; its rows are removed in small steps. While calls that were aborted have not ended, the answer is 202, and the server removes the job when they have, also after a restart.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        delete: operations["delete-job"];
        options?: never;
        head?: never;
        /**
         * Change a job while it runs
         * @description What is left out stays as it is; null takes `max_parallel` and `deadline` away.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        patch: operations["change-job"];
        trace?: never;
    };
    "/api/jobs/{id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of a job's tasks, in the order of the items
         * @description A read looks at a bounded number of entries: a page may have fewer than `limit`, or none, while `next` goes on. `total` comes from counters, or counts what the first read found; then `total_is_exact` is false when there may be more.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-tasks-of-job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of tasks over all jobs, the newest first
         * @description A read looks at a bounded number of entries: a page may have fewer than `limit`, or none, while `next` goes on. `total` comes from counters, or counts what the first read found; then `total_is_exact` is false when there may be more.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A task with its input, its result and its attempts
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["show-task"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a task again, also with an edited input
         * @description `input` replaces the item of a declared service and is checked as at a submit; files stay as they are. `GET /api/tasks/{id}` shows the first input as `first_input`. 409 for a task that neither failed nor was cancelled, and for one of a batch of another API that has ended.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["retry-task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A job's failures in groups
         * @description Failures of one kind, with one HTTP status and one message but for its numbers, ids, paths and addresses, are a group: docs/failures.md. The largest come first, 1,000 at most. `fingerprint` is null for tasks that failed before there were groups.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["job-failures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/failures/{fingerprint}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run one group of failures again
         * @description 409 for a batch of another API that has ended: `POST /v1/batches/{id}/retry` makes a new one of its failures.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["retry-failures"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/failures/{fingerprint}/skip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel one group of failures
         * @description Its tasks count as cancelled from then on and keep the message of their failure. 409 for a batch of another API that has ended.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["skip-failures"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a new job with the items of this one
         * @description The items stay in the database: inputs are copied, photos and other binary parts are shared by both jobs. `config` is put over the configuration of the first job. `source_job` of the new job is the first. 409 where no task has failed, and where retention has removed binary parts of completed items.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["rerun-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/rematch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The last rematch of a job, and how far it is
         * @description `state` is `none` for a job that was never judged again. `done` of the `total` results were read, `judged` of them had stored faces, and for `changed` of these somebody was added or removed. `gallery_version` is also in each result that was judged.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["show-rematch"];
        put?: never;
        /**
         * Judge the faces of an ended job again
         * @description The faces that were found are matched with the gallery of today, and results and the aggregate are rewritten. No photo is read and no model is called. `threshold` replaces those of the job and its items for this time. The server works on it also after a restart; it is a bulk operation (`bulk`), which can be stopped. 409 for a job that has not ended, and for one whose faces are not stored.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["rematch-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/clusters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of the groups of unknown faces, the largest first
         * @description `state` is `none` for a job whose faces were never grouped. `done` of the `total` photos were read. When `state` is `completed`, `unknown` of the `faces` were unknown, and `groups` counts the groups. `examples` are the best faces of each group. `person` is whom the group was named after.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-clusters"];
        put?: never;
        /**
         * Group the unknown faces of ended jobs by person
         * @description Those faces that the gallery of today does not know are grouped by how much they resemble each other. No photo is read and no model is called. `jobs` are more jobs whose faces are grouped together with those of this one; `threshold` is the least mean confidence between the faces of a group; `min_faces` is the smallest group that is kept, 2 by default. The groups replace those of an earlier request. The server works on it also after a restart; it is a bulk operation (`bulk`), which can be stopped. 409 for a job that has not ended, and for one whose faces are not stored.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["cluster-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/clusters/{group}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of the faces of a group, the best first
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["show-cluster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/clusters/{group}/name": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say who a group of unknown faces is
         * @description Enrols up to ten of the group's faces, clear ones that differ from each other, as a new person (`name`), or adds them to a known one (`person_id`). `without` lists faces of the group that are of somebody else, by their tasks and positions: they are not enrolled, and are kept as not being of the person, so that no match names them (`rejected` counts them). Then the jobs of the groups are judged again (`rematch`, of this job). The same request again enrols nothing (`enrolled` is 0). A name that somebody has is a 409 with that person's `person_id`, as is a group that is named after somebody else. 422 for an entry of `without` that is not in the group or is sent twice, and when no face would be left.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["name-cluster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Two jobs, item by item
         * @description Where one job repeats items of the other (`source_job`), each item is compared with the one that it repeats; else items at the same position are. `same`: the same state, result and kind of error. `open`: one of the two is not over. Counts look at 20,000 items at most, and a page at 5,000: then `total_is_exact` is false, and a page may have fewer items than `limit`.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["compare-jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The results of a job, as a stream or in pages
         * @description With `follow=true` the answer ends when the job is over; if the job is deleted or the server stops before, the connection is cut. A cell of CSV that a spreadsheet would run as a formula begins with an apostrophe; results of faces have no pictures there, and a column `people` with the names on the photo. The last column of a job with costs is `cost`. Results of a job that asks a language model have the item's text, or its last message of a user, as `prompt`. `ndjson` and `csv` of a job that is over have a strong `ETag` and can be read in ranges.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-job-results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of bulk operations, the newest first
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-bulk"];
        put?: never;
        /**
         * Act on all jobs that match a filter
         * @description The filter has the members of `GET /api/jobs`, and `ids`, up to 1,000 ids of jobs; all must match. Without any, `"all": true` is needed. With `dry_run` the answer is 200 with the number of jobs, and nothing happens. Otherwise it is 202, and the server works on the jobs, also after a restart. Jobs that were created later are not touched, and `retry` and `skip` leave failures that happened later. With `error` as a kind or a fingerprint, they act on those failures only. A key of the scope `submit` acts on its own jobs. `rematch` judges the results of ended jobs again, as `POST /api/jobs/{id}/rematch` does, also with `threshold`.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["start-bulk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bulk/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A bulk operation
         * @description `matched` grows while jobs are looked for, and is exact once `state` is `completed`. All three counts are jobs.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["show-bulk"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bulk/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a bulk operation
         * @description What it has done stays done. One that is over stays as it is.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["stop-bulk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of schedules, the newest first
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-schedules"];
        put?: never;
        /**
         * Create a schedule: a job that repeats
         * @description `cron` has five fields (minutes, hours, days of the month, months, days of the week) or is a name such as `@daily`, in `time_zone`, an IANA name; the default is the server's zone. A moment that clocks skip comes when they have been set forward; one that they repeat comes once. Moments that were missed while no server ran are one run. `source` is `{"type":"folder","path":…,"recursive":true,"types":["jpg"],"only":"changed"}`, `{"type":"ndjson","path":…}` or `{"type":"body","body":{…}}`; paths are under `ALLOWED_FOLDERS`. With `"only":"changed"` a run takes files that are new, or of another size or time than when they were submitted. `config` is that of a submit, without `start_at` and `deadline`: `deadline_seconds` counts from each submit. `overlap` says what happens while the job of the run before is not over: `skip`, or `queue`, where one run at most waits. Runs submit with the rights that the key of the caller has then.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["create-schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A schedule
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["show-schedule"];
        put?: never;
        post?: never;
        /**
         * Delete a schedule and its history
         * @description Jobs that it has submitted stay.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        delete: operations["delete-schedule"];
        options?: never;
        head?: never;
        /**
         * Change, pause or resume a schedule
         * @description Members that are not sent stay, and null takes the default. Moments that pass during a pause are not made up for. Another service, operation or folder makes all files new. `take_over` makes the caller's key the owner.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        patch: operations["change-schedule"];
        trace?: never;
    };
    "/api/schedules/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of a schedule's runs, the newest first
         * @description The last 500 runs are kept. `reason` says why a run was skipped or failed, and what a run left out.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-schedule-runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a schedule now
         * @description Also while it is paused. `overlap` holds; the run is `skipped` when another one waits. `GET /api/schedules/{id}/runs` shows what became of it.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["run-schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of webhooks, the newest first
         * @description Where the server has API keys, this takes one of the scope `admin`.
         */
        get: operations["list-webhooks"];
        put?: never;
        /**
         * Create a webhook: an address that is told of ends
         * @description `events` are `job.completed`, `job.partial`, `job.failed`, `job.cancelled`, `batch.completed`, `batch.failed`, `batch.expired` and `batch.cancelled`; all unless given, and with an empty list only jobs that name it in `config.webhook`. `secret` signs what is sent, as Standard Webhooks say; the server makes one unless it is given, and shows it only now. The address is under the outbound policy.
         *
         *     Where the server has API keys, this takes one of the scope `admin`.
         */
        post: operations["create-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The secret for an address that jobs name
         * @description It signs what is sent to this address for jobs of the caller's API key that name it in `config.webhook`, and never changes. Another key has another secret.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["show-webhook-secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A webhook, without its secret
         * @description Where the server has API keys, this takes one of the scope `admin`.
         */
        get: operations["show-webhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook and its log
         * @description Where the server has API keys, this takes one of the scope `admin`.
         */
        delete: operations["delete-webhook"];
        options?: never;
        head?: never;
        /**
         * Change, disable or enable a webhook
         * @description Members that are not sent stay. A disabled webhook gets nothing: what waits for it is given up, and can be replayed.
         *
         *     Where the server has API keys, this takes one of the scope `admin`.
         */
        patch: operations["change-webhook"];
        trace?: never;
    };
    "/api/webhooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook a new secret
         * @description The old secret signs too for `keep_seconds`, a day unless given, so that receivers can change over; 0 ends it at once. The new one is shown only now.
         *
         *     Where the server has API keys, this takes one of the scope `admin`.
         */
        post: operations["rotate-webhook-secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a webhook.test event
         * @description `GET /api/webhooks/{id}/deliveries` shows what became of it.
         *
         *     Where the server has API keys, this takes one of the scope `admin`.
         */
        post: operations["test-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of a webhook's log, the newest first
         * @description Each event with its attempts, the status and the first 1,024 bytes of the last answer, and the next attempt.
         *
         *     Where the server has API keys, this takes one of the scope `admin`.
         */
        get: operations["list-deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{id}/deliveries/{delivery}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event again
         * @description With the same `webhook-id`, and for three days again if the receiver does not take it.
         *
         *     Where the server has API keys, this takes one of the scope `admin`.
         */
        post: operations["replay-delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a submit whose body comes in chunks
         * @description For bodies that should go on where they were after a broken connection. With an `Idempotency-Key`, the same request gives the same upload again, as far as it is. An upload belongs to the key that made it, and is removed a day after its last chunk.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["start-upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far an upload is
         * @description `offset` and the header `Upload-Offset` say where the next chunk begins. `HEAD` has the header only.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        get: operations["show-upload"];
        put?: never;
        post?: never;
        /**
         * Delete an upload
         * @description Its bytes are removed. A job that was made of it stays.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        delete: operations["delete-upload"];
        options?: never;
        head?: never;
        /**
         * Send a chunk of an upload
         * @description The body is the bytes of the chunk, which are durable when the answer comes. A chunk may be sent again. One that leaves a gap, or has other bytes than those that are stored at its place, is refused with 409; `offset` of the problem says where to go on.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        patch: operations["append-upload"];
        trace?: never;
    };
    "/api/uploads/{id}/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a job of an upload
         * @description Checks the SHA-256 of the body if it was declared, or is in the request, and submits the body as `POST /api/{service}/batch` does. Committing again gives the same job.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["commit-upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of changes by people, the newest first
         * @description Cancels, retries, pauses, deletes, changes of jobs and limits, bulk operations and keys; submits are not among them. All filters can be combined. A read looks at a bounded number of entries: a page may have fewer than `limit`, or none, while `next` goes on; then `total` counts what was looked at, and `total_is_exact` is false.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        get: operations["list-audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who calls, and what this server can do
         * @description `name` is that of the API key; `local` on this machine while there are no keys, otherwise `anonymous`. `access` is `key`, `login` for the cookie of a login, or `open` without either. `features` are what the server has: a client offers what it finds there.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep an API key as a cookie of the browser
         * @description For pages of this server, whose pictures and sound cannot send headers. The cookie is HttpOnly and SameSite=Strict, and with it, changes, WebSockets and event streams must come from a page of this server. It lasts for 30 days, and ends with its key. Programs send their key in a header.
         *
         *     Needs no API key.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove the cookie of a login
         * @description Needs no API key.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of the processes that are alive, the newest first
         * @description `running` counts calls, as of the process's last sign of life.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["list-nodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of the API keys, the newest first
         * @description Keys of the settings are not among them. `last_used_at` is exact to a minute or so.
         *
         *     Where the server has API keys, this takes one of the scope `admin`.
         */
        get: operations["list-keys"];
        put?: never;
        /**
         * Create an API key
         * @description `key` is shown this once. With the first key, every request needs one. A name is for one key only, for good: jobs keep it as their owner.
         *
         *     Where the server has API keys, this takes one of the scope `admin`.
         */
        post: operations["create-key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key permanently
         * @description Its jobs stay and go on. Schedules with it as their `owner` stay too, but their runs fail until another key takes them over (`take_over`).
         *
         *     Where the server has API keys, this takes one of the scope `admin`.
         */
        delete: operations["revoke-key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of jobs, newest first
         * @description A filter by `user_id`, `session_id` or `name` looks at 10,000 jobs at most at once: a page may then have fewer jobs than `limit`, or none, while `next` goes on with older ones, and `total_is_exact` is false when `total_count` has only those among the newest 10,000.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/job/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A job with all its tasks
         * @description Photos are shown whole while those of the job have 4 MB at most together; above that `image` is a preview, or null while it is being made, and `input_url` the original.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/job/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The results of a job
         * @description In pages, or with `format=ndjson` all that are there, one a line.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["job-results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/task/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A task with its input, its result and its attempts
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["task"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/task/{id}/input/{slot}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The uploaded bytes
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["task-input"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of tasks over all jobs, newest first
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/status/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The status and the results of a job or a task
         * @description Takes the id of a job, a task, an interaction or a session. `kind` says which it was.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/cancel/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a task, or the open tasks of a job
         * @description 200 for every known id; `cancelled` says whether there was anything to cancel. Running calls are aborted.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The queue in numbers
         * @description Under all the names that clients know.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the queue is
         * @description 503 with the same fields while its database cannot be reached.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["queue-health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/retry/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run what failed or was cancelled again
         * @description `{"only":"failed"}` leaves cancelled tasks as they are. 409 for a batch of another API that has ended.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/jobs/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a job
         * @description Running tasks finish; no new ones start. With `until` the pause ends by itself then, also over restarts; otherwise when somebody resumes. Another pause of what is paused already changes its end.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["pause-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/jobs/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a job
         * @description Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["resume-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a service
         * @description With `until` the pause ends by itself then, also over restarts; otherwise when somebody resumes. Another pause of what is paused already changes its end.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["pause-service"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a service
         * @description Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["resume-service"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause everything
         * @description With `until` the pause ends by itself then, also over restarts; otherwise when somebody resumes. Another pause of what is paused already changes its end.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queue/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume everything
         * @description Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All services, their operations, limits and lanes
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["services"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A service
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["service"];
        put?: never;
        post?: never;
        /**
         * Remove a service that was made of a curl command
         * @description Its jobs and results stay; limits and a pause that were set for it go. 409 while tasks of it wait or run, or schedules submit to it, which are named; for a built-in service; and for one that is declared in a file of the operator or a plug-in, which says where.
         *
         *     Where the server has API keys, this takes one of the scope `admin`.
         */
        delete: operations["remove-service"];
        options?: never;
        head?: never;
        /**
         * Change the limits of a service while it runs
         * @description What is left out stays as it is; null takes the declaration's value again. The values hold in every process from the next claim on, and over restarts; running calls finish. `rate` is in calls a second.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        patch: operations["change-service"];
        trace?: never;
    };
    "/api/services/{name}/declaration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The declaration of a service, with its errors by line
         * @description The file is read and checked now. While it has errors, the server goes on with its last valid content. A file that was never valid is found by its own name. 404 for built-in services and plug-ins.
         *
         *     Where the server has API keys, this takes one of the scope `admin`.
         */
        get: operations["service-declaration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the declaration of a service that was made of a curl command
         * @description The whole text. The name stays. It is checked, stored and in use when this answers; what runs is finished with the text of before. It may use no variable that the server has for something else, and no file of the server. 409 for a service that is declared in a file of the operator, which says which, and for a text that lacks an operation of open jobs or schedules, which are named.
         *
         *     Where the server has API keys, this takes one of the scope `admin`.
         */
        patch: operations["change-declaration"];
        trace?: never;
    };
    "/api/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counts over time: throughput, failures, call times
         * @description Minutes are kept for two days, hours for ninety. A point without anything is left out: its counts are zeros.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["series"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What calls cost, by day, key and service
         * @description Days are those of UTC, and are kept for 400 days, also when the jobs are gone. A task counts on the day on which it completed, if its cost is known: that of an item, or of the tokens that the answer says. Known results cost nothing and are left out.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["costs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What runs here, and how much room it has
         * @description Read from memory: the disk is measured every 30 seconds, the database every ten minutes. `disk` is null where it is not known, `database` in the first moments. `payload_bytes` and `preview_bytes` are part of `bytes`; the small pictures of photos are estimated on SQLite. `payload_file_bytes` are in files beside the database, and estimated on PostgreSQL where they are many. `log_bytes` is null on PostgreSQL. `backup` has what `stashai backup` and `stashai backup verify` recorded in the queue, read every 30 seconds: `last` is the newest backup that was written, `failure` the newest run when it failed. Its `state` is the worst of what is wrong: `none` (never recorded), `failed`, `damaged` (a verification found something, or the queue itself had lost payloads), `incomplete` (the database is on a server, and its dump is not in the backup), `old` (the snapshot is more than eight days old) or `good`. It is null in the first moments.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["server"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a job would take, before it is submitted
         * @description Time comes from the same measurements as the estimate of a job, and from what is in the queue now. What nobody has measured or declared is null, with the reason beside it. Nothing is stored.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        post: operations["quote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to a job over time
         * @description `steps` counts the tasks that completed and failed in `step_seconds`, at most 129 of them whatever the job's length; one without anything is left out. A task that failed, was retried and failed again counts twice. `events` has the newest 200 pauses and outages. Jobs that ran before this was kept have no steps.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["job-timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make one call to a service now, past the queue
         * @description The body is that of `POST /api/{service}/task`: one item, checked as at a submit. Nothing is stored. The answer shows the request, the answer (16 KB of each body), the result, and the error as a task would get it; secrets are masked. The call obeys the outbound policy. 409 while the service is paused or outside its allowed hours; 429 while it asked to wait, runs as many calls as it may, or another test runs. It takes no token of the rate, and a service that is down is called.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["test-service"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Turn a curl command into a declaration
         * @description The declaration sends the same request as the command, or the command is refused with the reason. Secrets become variables of the server's environment. The server reads no files and no variables for a command: `@file` is refused. 201 with `save=true`. 409 for a name that is taken, and for a replacement that lacks an operation of open jobs or schedules.
         *
         *     Where the server has API keys, this takes one of the scope `operate`.
         */
        post: operations["import-service"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/curl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The call of a task as a curl command
         * @description For a POSIX shell. Secrets are variables, listed in `variables`; files are fetched from this server as the command runs. The command holds the address of the service and headers of its declaration, so it needs the job to be the caller's own, or `operate`. Of items that share a call, it is the call of this one alone. 409 if there is no command.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        get: operations["task-curl"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/interactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of interactions, newest first
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["interactions"];
        put?: never;
        /**
         * Record what a user did
         * @description One, or a list of up to 5,000. More go through `POST /api/batch`.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["add-interaction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/interactions/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What users did over time, by action
         * @description The most frequent action first, with its counts in each part of the time. The newest 200,000 interactions are counted, or 20,000 of a session or a user; `is_complete` is false when the time has older ones.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["interaction-actions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of sessions, newest first
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["sessions"];
        put?: never;
        /**
         * Create or change a session
         * @description What is not given stays as it is; counts never fall.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["save-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A session
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a job of any type
         * @description `type` is `interactions`, `sessions` or `<service>.<operation>`. Each item is a task.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/demo/visage/job": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a job of sample photos
         * @description A real job that needs no network. The body may be left out. `drawings` is true where 'stashai demo' has not fetched the sample photos into this data folder: then the pictures are drawn, and no faces will be found in them.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["demo-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/demo/visage/task": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a task of a sample photo
         * @description Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["demo-task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{service}/task": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a task of a service
         * @description For declared services; for `interactions` and `sessions` the body itself is the item.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["service-task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{service}/job": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a job of a declared service
         * @description For a service with several operations, `?operation=` names one. Items also come as NDJSON, or as the files of a form. `GET /api/services/{service}/schema` says what an item and the config hold.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["service-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{service}/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a job of a service with one operation
         * @description Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["service-batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{service}/batch/{operation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a job of a service
         * @description The only list of the body counts as `items`.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["service-batch-operation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/{service}/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What an item and the config of a declared service hold
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["service-schema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List uploaded files
         * @description The files of results are not among them: a batch names its own.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["openai-list-files"];
        put?: never;
        /**
         * Upload a file
         * @description A form with `file`, `purpose` and optionally `expires_after[anchor]` and `expires_after[seconds]`. The file of a batch (`purpose=batch`) ends with `.jsonl` and is kept for 30 days unless the form says otherwise. With the `Idempotency-Key` of an earlier upload of the same form, the answer is its file, for as long as it is kept.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-upload-file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a file
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["openai-file"];
        put?: never;
        post?: never;
        /**
         * Delete a file
         * @description Batches that were made of it stay. The files of results go with their job.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        delete: operations["openai-delete-file"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a file
         * @description The results of a batch are written from its job while they are read. The content has a strong `ETag` and can be read in ranges, that of results once their batch is over.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["openai-file-content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a file that comes in parts
         * @description For files that are too large for one request, and for connections that break.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-begin-upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}/parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a part to a file
         * @description A form with `data`. Parts may come in any order and at the same time, and survive a restart of the server. A part whose answer was lost may be sent again: at the end, only the parts that are named count, and with the `Idempotency-Key` of the first try it is the same part.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-add-upload-part"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a file of its parts
         * @description The parts in the order of `part_ids` must have as many bytes as the upload was begun with, and the `md5` if it is given. Repeated, it answers with the same file.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-complete-upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a file that comes in parts
         * @description Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-cancel-upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List batches, the newest first
         * @description `usage` is null here; a single batch has it.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["openai-list-batches"];
        put?: never;
        /**
         * Make a batch of a file's lines
         * @description The lines are checked after the answer; errors in them are in `errors` of a batch that `failed`. Besides OpenAI's fields: `completion_window` from `1h` to `30d`, `priority`, `concurrency`, and `cache`: `off`, `use` or `refresh`. With `metadata.stashai_partial` as `"true"` the output may be read while the batch runs.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-create-batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a batch
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["openai-batch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a batch
         * @description Lines that are finished stay. A batch that is over is refused with 409.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-cancel-batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/output": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the results of a batch
         * @description A line for each request that completed, as in the file `output_file_id`. While the batch runs, the lines that are finished, or with `follow` each as it ends; a followed answer that breaks off is cut. Once the batch is over, the lines are in the order of the input, have a strong `ETag` and can be read in ranges.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["openai-batch-output"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the failures of a batch
         * @description A line for each request that failed or was cancelled, as in the file `error_file_id`; otherwise as the output.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["openai-batch-errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a batch of the lines that failed
         * @description The lines of the error file of a batch that is over, expired and cancelled ones too, become a new batch, with the same `custom_id` and body; `source_batch_id` names the first. What the body leaves out stays as it was; the window begins anew. The uploaded file is not needed.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-retry-batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the models
         * @description Those that the declared services list by their whole names. Services may have others.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["openai-list-models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a model
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["openai-model"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call chat/completions of a declared service
         * @description The body goes to the service that has the `model` and speaks this route, before all batches and under the same limits. Its answer comes back unread, also where it is an error. With `stream` it comes in pieces, as events.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-chat-completions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call completions of a declared service
         * @description The body goes to the service that has the `model` and speaks this route, before all batches and under the same limits. Its answer comes back unread, also where it is an error. With `stream` it comes in pieces, as events.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-completions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/embeddings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call embeddings of a declared service
         * @description The body goes to the service that has the `model` and speaks this route, before all batches and under the same limits. Its answer comes back unread, also where it is an error. With `stream` it comes in pieces, as events.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-embeddings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/moderations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call moderations of a declared service
         * @description The body goes to the service that has the `model` and speaks this route, before all batches and under the same limits. Its answer comes back unread, also where it is an error. With `stream` it comes in pieces, as events.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-moderations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/responses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call responses of a declared service
         * @description The body goes to the service that has the `model` and speaks this route, before all batches and under the same limits. Its answer comes back unread, also where it is an error. With `stream` it comes in pieces, as events.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-responses"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audio/transcriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call audio/transcriptions of a declared service
         * @description A form with `file` and `model`; all other fields go to the service as they are. Otherwise as the other direct calls: with `stream` the answer comes in pieces, as events, and with the `response_format` `text`, `srt` or `vtt` it is a text.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["openai-audio-transcriptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List batches, the newest first
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["anthropic-list-batches"];
        put?: never;
        /**
         * Make a batch of messages
         * @description The body is read as a stream of any size. `custom_id` and `model` of each request are checked before the answer, and an error names every request at fault; the rest of `params` is the service's to check. Besides Anthropic's fields: `completion_window` from `1h` to `30d`, `priority` and `concurrency`.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["anthropic-create-batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a batch
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["anthropic-batch"];
        put?: never;
        post?: never;
        /**
         * Delete a batch that has ended
         * @description Its job and the results are removed with it.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        delete: operations["anthropic-delete-batch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages/batches/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a batch
         * @description Requests that are finished keep their results. A batch that has ended is refused.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["anthropic-cancel-batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages/batches/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the results of a batch
         * @description A line for each request, in the order of the input, written from the job while they are read.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["anthropic-batch-results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a message with a declared service
         * @description The body goes to the service that has the `model`, before all batches and under the same limits; for a service in OpenAI's form it is mapped, and its answer back. With `stream` the answer comes in pieces, as events.
         *
         *     Where the server has API keys, this takes one of the scope `submit`.
         */
        post: operations["anthropic-messages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live progress as server-sent events
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dashboard/{page}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The dashboard for browsers
         * @description One page for every address below it: its script shows what the address names, such as `/dashboard/jobs/ID`.
         *
         *     Needs no API key.
         */
        get: operations["dashboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dashboard/assets/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A file of the dashboard
         * @description Its name has a hash of its content, so browsers may keep it for good.
         *
         *     Needs no API key.
         */
        get: operations["dashboard-file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document
         * @description Needs no API key.
         */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process answers
         * @description Needs no API key.
         */
        get: operations["health-live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/demo/websocket/instructions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the live feed is used
         * @description Needs no API key.
         */
        get: operations["instructions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ws/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live progress over a WebSocket
         * @description `GET /api/demo/websocket/instructions` lists all messages.
         *
         *     Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["socket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics for Prometheus
         * @description Where the server has API keys, this takes one of the scope `read`.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/demo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The first page of the dashboard
         * @description It runs the sample job. A page of its own was here once.
         *
         *     Needs no API key.
         */
        get: operations["demo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @enum {string} */
        Accepted: "queued";
        /** @enum {string} */
        Access: "open" | "key" | "login";
        ActionCount: {
            action_type: string;
            /** Format: int32 */
            count: number;
            /** Format: date-time */
            last_at: string;
            counts: number[];
        };
        ActionTable: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /** Format: double */
            step_seconds: number;
            /** Format: int64 */
            total: number;
            /** Format: int32 */
            actions_total: number;
            is_complete: boolean;
            actions: components["schemas"]["ActionCount"][];
        };
        AlbumFace: {
            /** Format: int32 */
            face: number;
            /** Format: double */
            confidence: number;
            box: null | {
                [key: string]: unknown;
            };
            /** Format: double */
            time: null | number;
        };
        AlbumPhoto: {
            /** Format: uuid */
            task_id: string;
            /** Format: uuid */
            job_id: string;
            job_name: null | string;
            /** @description Any JSON. */
            item_id?: unknown;
            item_name?: null | string;
            /** Format: double */
            confidence: number;
            faces: components["schemas"]["AlbumFace"][];
            photo_url: null | string;
            /** Format: date-time */
            completed_at: null | string;
        };
        AlbumPhotoPage: {
            data: components["schemas"]["AlbumPhoto"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        AllowedHours: {
            hours: string;
            open: boolean;
            /** Format: date-time */
            opens_at: null | string;
            /** Format: date-time */
            closes_at: null | string;
        };
        AnthropicAnswer: {
            type?: null | string;
            model?: null | string;
        };
        AnthropicBatch: {
            id: string;
            type: string;
            processing_status: string;
            request_counts: components["schemas"]["AnthropicCounts"];
            created_at: string;
            expires_at: string;
            ended_at: null | string;
            archived_at: null | string;
            cancel_initiated_at: null | string;
            results_url: null | string;
            /** Format: uuid */
            job_id: string;
            /** Format: double */
            cost: null | number;
        };
        AnthropicBatchRequest: {
            requests: {
                custom_id: string;
                params: {
                    model: string;
                };
            }[];
            completion_window?: string;
            priority?: number;
            concurrency?: number;
        };
        AnthropicBatches: {
            data: components["schemas"]["AnthropicBatch"][];
            has_more: boolean;
            first_id: null | string;
            last_id: null | string;
        };
        AnthropicCall: {
            model: string;
        };
        AnthropicCounts: {
            /** Format: int32 */
            processing: number;
            /** Format: int32 */
            succeeded: number;
            /** Format: int32 */
            errored: number;
            /** Format: int32 */
            canceled: number;
            /** Format: int32 */
            expired: number;
        };
        AnthropicDeleted: {
            id: string;
            type: string;
        };
        AnthropicError: {
            type: string;
            error: {
                type: string;
                message: string;
                code?: null | string;
                param?: null | string;
                errors?: null | {
                    param: null | string;
                    /** Format: int32 */
                    index: null | number;
                    message: string;
                }[];
            };
            request_id: null | string;
        };
        Attempt: {
            /** Format: int32 */
            attempt: number;
            /** Format: int64 */
            fence: number;
            outcome: components["schemas"]["AttemptOutcome"];
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            finished_at: null | string;
            /** Format: double */
            duration_ms: null | number;
            node: null | string;
            /** Format: int32 */
            http_status: null | number;
            error_kind: null | components["schemas"]["ErrorKind"];
            error_message: null | string;
            answer_head: null | string;
        };
        /** @enum {string} */
        AttemptOutcome: "completed" | "retried" | "throttled" | "failed" | "cancelled" | "lost" | "released";
        AuditEntry: {
            /** Format: date-time */
            at: string;
            who: string;
            action: string;
            target_kind: string;
            target_id: null | string;
            address: null | string;
            details: null | {
                [key: string]: unknown;
            };
        };
        AuditPage: {
            data: components["schemas"]["AuditEntry"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        Backup: {
            state: components["schemas"]["BackupState"];
            last: null | components["schemas"]["LastBackup"];
            failure: null | components["schemas"]["FailedBackup"];
        };
        /** @enum {string} */
        BackupState: "good" | "none" | "failed" | "damaged" | "incomplete" | "old";
        BatchRequest: {
            /** @description `interactions`, `sessions`, or a service and an operation, such as `visage.identify`. */
            type: string;
            /** @description What each holds is the service's own. */
            items: unknown[];
            config?: null | components["schemas"]["Config"];
        };
        Bulk: {
            /** Format: uuid */
            id: string;
            action: components["schemas"]["BulkAction"];
            filter: components["schemas"]["BulkFilter"];
            /** Format: int32 */
            priority: null | number;
            /** Format: double */
            threshold: null | number;
            state: components["schemas"]["BulkState"];
            /** Format: int64 */
            matched: number;
            /** Format: int64 */
            done: number;
            /** Format: int64 */
            failed: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            finished_at: null | string;
            asked_by: null | string;
            error: null | string;
        };
        /** @enum {string} */
        BulkAction: "retry" | "cancel" | "pause" | "resume" | "delete" | "priority" | "skip" | "rematch" | "group";
        BulkCount: {
            action: components["schemas"]["BulkAction"];
            filter: components["schemas"]["BulkFilter"];
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        BulkFilter: {
            state?: null | string[];
            paused?: null | boolean;
            service?: null | string;
            operation?: null | string;
            name?: null | string;
            user_id?: null | string;
            session_id?: null | string;
            tag?: null | string;
            owner?: null | string;
            error?: null | string;
            /** Format: date-time */
            created_after?: null | string;
            /** Format: date-time */
            created_before?: null | string;
            id?: null | string;
            ids?: null | string[];
        };
        BulkPage: {
            data: components["schemas"]["Bulk"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        BulkRequest: {
            action: components["schemas"]["BulkAction"];
            filter?: null | components["schemas"]["BulkFilter"];
            /** Format: int32 */
            priority?: null | number;
            /** Format: double */
            threshold?: null | number;
            dry_run?: null | boolean;
            all?: null | boolean;
        };
        /** @enum {string} */
        BulkState: "running" | "completed" | "stopped" | "failed";
        /** @enum {string} */
        Cache: "off" | "use" | "refresh";
        CancelAnswer: {
            kind: components["schemas"]["Kind"];
            /** Format: uuid */
            job_id?: null | string;
            /** Format: uuid */
            task_id?: null | string;
            cancelled: boolean;
            /** Format: int32 */
            cancelled_tasks?: null | number;
            /** Format: int32 */
            cancelling_tasks?: null | number;
            message: string;
            status: components["schemas"]["StatusWord"];
            state?: null | components["schemas"]["TaskState"];
            /** Format: date-time */
            timestamp: string;
        };
        Check: {
            name: string;
            status: components["schemas"]["HealthWord"];
            /** Format: date-time */
            since?: null | string;
            detail?: null | string;
        };
        /** @enum {string} */
        Circuit: "closed" | "open" | "half_open" | "doubted";
        CircuitSettings: {
            /** Format: int32 */
            failures: number;
            /** Format: double */
            first_pause_seconds: number;
            /** Format: double */
            longest_pause_seconds: number;
            health_path: null | string;
        };
        Clusters: {
            /** Format: uuid */
            job_id: string;
            jobs: string[];
            state: components["schemas"]["RematchState"];
            /** Format: double */
            threshold: null | number;
            /** Format: int32 */
            min_faces: number;
            /** Format: int32 */
            done: number;
            /** Format: int32 */
            total: number;
            /** Format: int32 */
            faces: number;
            /** Format: int32 */
            unknown: number;
            /** Format: int32 */
            groups: number;
            /** Format: int64 */
            gallery_version: null | number;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            updated_at: null | string;
            error: null | string;
            /** Format: uuid */
            bulk: null | string;
            data: components["schemas"]["FaceGroup"][];
            next: null | string;
        };
        ClustersRequest: {
            jobs?: null | string[];
            /** Format: double */
            threshold?: null | number;
            /** Format: int32 */
            min_faces?: null | number;
        };
        Companion: {
            id: string;
            name: null | string;
            /** Format: int32 */
            photos: number;
        };
        CompanionPage: {
            data: components["schemas"]["Companion"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        CompareRequest: {
            items: {
                /** @description The first photo. */
                image1?: string | {
                    url: string;
                } | {
                    path: string;
                };
                /** @description The first person, by name or id. */
                person1?: string;
                /** @description Chooses a face of the photo: by a point (x and y, in pixels) or by its index in the service's answer (from 0). Without it, all faces are compared. */
                face1?: {
                    x?: number;
                    y?: number;
                    index?: number;
                };
                /** @description The second photo. */
                image2?: string | {
                    url: string;
                } | {
                    path: string;
                };
                /** @description The second person, by name or id. */
                person2?: string;
                /** @description Chooses a face of the photo: by a point (x and y, in pixels) or by its index in the service's answer (from 0). Without it, all faces are compared. */
                face2?: {
                    x?: number;
                    y?: number;
                    index?: number;
                };
                /** @description Returned with the result. */
                item_id?: unknown;
                /** @description Any JSON. */
                id?: unknown;
            }[];
            /** @description Another instance of the service. */
            visage_api_url?: string;
            config?: components["schemas"]["VisageConfig"];
        };
        ComparedItem: {
            kind: components["schemas"]["ComparedKind"];
            /** Format: int32 */
            index: null | number;
            /** Format: uuid */
            id: null | string;
            /** Format: int32 */
            with_index: null | number;
            /** Format: uuid */
            with_id: null | string;
            /** @description Any JSON. */
            item_id?: unknown;
            item_name?: null | string;
            item_text?: null | string;
        };
        /** @enum {string} */
        ComparedKind: "same" | "different" | "open" | "only_here" | "only_there";
        Comparison: {
            /** Format: uuid */
            job_id: string;
            /** Format: uuid */
            with: string;
            matched_by: components["schemas"]["MatchedBy"];
            counts: components["schemas"]["ComparisonCounts"];
            data: components["schemas"]["ComparedItem"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        ComparisonCounts: {
            /** Format: int32 */
            same: number;
            /** Format: int32 */
            different: number;
            /** Format: int32 */
            open: number;
            /** Format: int32 */
            only_here: number;
            /** Format: int32 */
            only_there: number;
        };
        Config: {
            /** @description For people. */
            job_name?: null | string;
            /** @description Shown with the job; lists of jobs can be filtered by it. */
            user_id?: null | string;
            /** @description Shown with the job; lists of jobs can be filtered by it. */
            session_id?: null | string;
            /** @description Higher first: 0 to 9, or a word; 5 unless given. */
            priority?: number | ("low" | "normal" | "high");
            /**
             * Format: int32
             * @description The most tasks of the job at once, 1 to 100,000.
             */
            batch_size?: null | number;
            /**
             * Format: int32
             * @description The same; the smaller one holds.
             */
            max_parallel?: null | number;
            /**
             * Format: int32
             * @description How often a failed call is tried again, 0 to 100; 3 unless given.
             */
            max_retries?: null | number;
            /**
             * Format: date-time
             * @description Its tasks wait until then.
             */
            start_at?: null | string;
            /**
             * Format: date-time
             * @description What is not over by then fails.
             */
            deadline?: null | string;
            /** @description What people find the job by: up to 16 tags of 1 to 64 characters. */
            tags?: null | string[];
        };
        /** @enum {string} */
        Connection: "connected" | "disconnected";
        Costs: {
            from: string;
            to: string;
            /** Format: double */
            cost: number;
            /** Format: int64 */
            tasks: number;
            complete: boolean;
            data: components["schemas"]["DayCost"][];
        };
        CreatedKey: {
            id: string;
            name: string;
            role: components["schemas"]["Role"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            last_used_at: null | string;
            /** Format: date-time */
            expires_at: null | string;
            key: string;
        };
        Database: {
            kind: components["schemas"]["DatabaseKind"];
            version: string;
            schema: string;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            log_bytes: null | number;
            /** Format: int64 */
            payload_bytes: number;
            /** Format: int64 */
            payload_file_bytes: number;
            /** Format: int64 */
            preview_bytes: number;
            /** Format: date-time */
            measured_at: string;
        };
        /** @enum {string} */
        DatabaseKind: "sqlite" | "postgresql";
        DayCost: {
            day: string;
            key: null | string;
            service: string;
            /** Format: int64 */
            tasks: number;
            /** Format: double */
            cost: number;
        };
        Declaration: {
            name: string;
            file: string;
            path: string;
            made_here: boolean;
            text: string;
            errors: components["schemas"]["DeclarationError"][];
            not_used_because: null | string;
        };
        DeclarationError: {
            /** Format: int32 */
            line: number;
            /** Format: int32 */
            column: number;
            message: string;
        };
        DeclarationText: {
            text: string;
        };
        DeleteAccepted: {
            /** Format: uuid */
            job_id: string;
            /** Format: uuid */
            bulk_id: string;
            message: string;
        };
        Delivery: {
            /** Format: uuid */
            id: string;
            event: string;
            event_id: string;
            /** Format: uuid */
            job_id: null | string;
            data: {
                [key: string]: unknown;
            };
            url: null | string;
            state: components["schemas"]["DeliveryState"];
            /** Format: int32 */
            attempts: number;
            /** Format: int32 */
            status: null | number;
            error: null | string;
            answer: null | string;
            /** Format: int32 */
            duration_ms: null | number;
            /** Format: date-time */
            attempted_at: null | string;
            /** Format: date-time */
            next_attempt_at: null | string;
            /** Format: date-time */
            finished_at: null | string;
            /** Format: date-time */
            created_at: string;
        };
        DeliveryPage: {
            data: components["schemas"]["Delivery"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        /** @enum {string} */
        DeliveryState: "waiting" | "delivered" | "given_up";
        DemoRequest: {
            /** Format: int32 */
            demo_task_count?: null | number;
            visage_api_url?: null | string;
        };
        DemoTaskRequest: {
            visage_api_url?: null | string;
        };
        /** @enum {string} */
        Dialect: "default" | "plugin";
        Disk: {
            /** Format: int64 */
            free_bytes: number;
            /** Format: int64 */
            total_bytes: number;
            /** Format: int64 */
            low_below_bytes: number;
            /** Format: date-time */
            low_since: null | string;
        };
        EnrolledFace: {
            /** Format: int32 */
            photo: number;
            box: {
                [key: string]: unknown;
            };
            /** Format: double */
            quality: number;
        };
        Erasure: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            person_id: null | string;
            state: string;
            reason: null | string;
            /** Format: int64 */
            jobs_done: number;
            /** Format: int64 */
            jobs_total: number;
            /** Format: int64 */
            results_changed: number;
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            completed_at: null | string;
        };
        ErasurePage: {
            data: components["schemas"]["Erasure"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        /** @enum {string} */
        ErrorKind: "connection" | "timeout" | "throttled" | "service_error" | "rejected" | "invalid_answer" | "invalid_input" | "adapter_fault" | "outbound_refused" | "poisoned" | "deadline_exceeded" | "cancelled";
        ErrorSummary: {
            error_kind: components["schemas"]["ErrorKind"];
            /** Format: int32 */
            count: number;
            example: null | string;
        };
        FaceGroup: {
            group: string;
            /** Format: int32 */
            faces: number;
            /** Format: int32 */
            photos: number;
            /** Format: int32 */
            rejected: number;
            person: null | components["schemas"]["GroupPerson"];
            examples: components["schemas"]["GroupFace"][];
        };
        FaceGroupPage: {
            group: string;
            /** Format: int32 */
            faces: number;
            /** Format: int32 */
            photos: number;
            /** Format: int32 */
            rejected: number;
            person: null | components["schemas"]["GroupPerson"];
            data: components["schemas"]["GroupFace"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        FailedBackup: {
            /** Format: date-time */
            ended_at: string;
            folder: string;
            host: string;
            error: string;
        };
        FailureChange: {
            /** Format: uuid */
            job_id: string;
            fingerprint: string;
            /** Format: int32 */
            tasks: number;
            state: components["schemas"]["JobStatusWord"];
            message: string;
        };
        FailureGroup: {
            fingerprint: null | string;
            error_kind: components["schemas"]["ErrorKind"];
            /** Format: int32 */
            http_status: null | number;
            pattern: null | string;
            message: null | string;
            /** Format: int32 */
            count: number;
            /** Format: date-time */
            first_at: null | string;
            /** Format: date-time */
            last_at: null | string;
            examples: string[];
            example_names: string[];
        };
        FailurePage: {
            data: components["schemas"]["FailureGroup"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        GalleryFace: {
            /** Format: uuid */
            id: string;
            /** Format: double */
            quality: number;
            /** Format: date-time */
            created_at: string;
            picture: string;
        };
        GalleryFaces: {
            data: components["schemas"]["GalleryFace"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        GalleryImport: {
            /** Format: int32 */
            people_added: number;
            /** Format: int32 */
            faces_added: number;
        };
        GalleryPage: {
            data: components["schemas"]["GalleryPerson"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        GalleryPerson: {
            id: string;
            name: string;
            country: null | string;
            image: null | string;
            performer_url: null | string;
            /** Format: int32 */
            faces: number;
            /** Format: date-time */
            created_at: null | string;
            /** Format: date-time */
            updated_at: null | string;
            /** Format: int32 */
            photos?: null | number;
            /** Format: double */
            best_confidence?: null | number;
            enrolled?: null | components["schemas"]["EnrolledFace"][];
            rematch?: null | components["schemas"]["JudgedResults"];
        };
        GroupFace: {
            /** Format: uuid */
            task: string;
            /** Format: int32 */
            face: number;
            /** Format: uuid */
            job_id: string;
            picture_url: string;
            rejected: boolean;
            item_id?: null | string;
            item_name?: null | string;
        };
        GroupFaceName: {
            /** Format: uuid */
            task: string;
            /** Format: int32 */
            face: number;
        };
        GroupName: {
            name?: null | string;
            /** Format: uuid */
            person_id?: null | string;
            without?: null | components["schemas"]["GroupFaceName"][];
        };
        GroupPerson: {
            /** Format: uuid */
            id: string;
            name: null | string;
        };
        Health: {
            status: components["schemas"]["HealthWord"];
            /** Format: date-time */
            timestamp: string;
            database: components["schemas"]["Connection"];
            database_warning?: null | string;
            version: string;
            queue: components["schemas"]["QueueHealth"];
            checks: components["schemas"]["Check"][];
        };
        /** @enum {string} */
        HealthWord: "healthy" | "degraded" | "unhealthy";
        ImportVariable: {
            name: string;
            secret: boolean;
            basic: boolean;
        };
        /** @enum {string} */
        InputDetail: "none" | "ref" | "full";
        Instructions: {
            websocket_endpoint: string;
            connection_example: string;
            supported_subscriptions: {
                [key: string]: components["schemas"]["SubscriptionHelp"];
            };
            demo_workflow: {
                [key: string]: string;
            };
            unsubscribe_examples: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            messages_to_the_server: components["schemas"]["MessageHelp"][];
            messages_of_the_server: components["schemas"]["MessageHelp"][];
        };
        Interaction: {
            /** Format: int64 */
            id: number;
            /** Format: uuid */
            task_id: string;
            session_id: string;
            user_id: null | string;
            action_type: string;
            page_path: null | string;
            element_type: null | string;
            element_id: null | string;
            metadata: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            timestamp: string;
        };
        InteractionAccepted: {
            /** Format: uuid */
            task_id?: null | string;
            /** Format: int32 */
            accepted?: null | number;
            task_ids?: null | string[];
            status: components["schemas"]["Accepted"];
            state: components["schemas"]["TaskState"];
            mode: components["schemas"]["Mode"];
            /** Format: date-time */
            submitted_at: string;
        };
        InteractionPage: {
            interactions: components["schemas"]["Interaction"][];
            /** Format: int32 */
            total: number;
            /** Format: int32 */
            total_count: null | number;
            /** Format: int32 */
            limit: number;
            /** Format: int32 */
            offset: number;
            has_more: boolean;
            /** Format: int64 */
            next_before_id: null | number;
        };
        InteractionRequest: {
            session_id: string;
            action_type: string;
            user_id?: null | string;
            page_path?: null | string;
            element_type?: null | string;
            element_id?: null | string;
            metadata?: null | {
                [key: string]: unknown;
            };
        };
        InteractionsRequest: components["schemas"]["InteractionRequest"] | components["schemas"]["InteractionRequest"][];
        JobChange: {
            name?: null | string;
            tags?: null | string[];
            /** Format: int32 */
            priority?: null | number;
            /** Format: int32 */
            max_parallel?: null | number;
            /** Format: date-time */
            deadline?: null | string;
        };
        JobDetail: {
            task_ids: null | string[];
            tasks: components["schemas"]["TaskDetail"][];
            /** Format: int32 */
            limit?: null | number;
            /** Format: int32 */
            offset?: null | number;
            has_more?: null | boolean;
            estimated_completion: null | string;
            /** Format: double */
            eta_seconds: null | number;
            /** Format: double */
            eta_p90_seconds: null | number;
            /** Format: date-time */
            eta_at: null | string;
            waiting: null | components["schemas"]["Wait"];
            /** Format: uuid */
            job_id: string;
            adapter_name: string;
            job_type: string;
            status: components["schemas"]["JobStatusWord"];
            state: components["schemas"]["JobState"];
            /** Format: int64 */
            version: number;
            /** Format: int32 */
            total_tasks: number;
            /** Format: int32 */
            pending_tasks: number;
            /** Format: int32 */
            running_tasks: number;
            /** Format: int32 */
            completed_tasks: number;
            /** Format: int32 */
            cached_tasks: number;
            /** Format: int32 */
            failed_tasks: number;
            /** Format: int32 */
            cancelled_tasks: number;
            /** Format: double */
            progress_percentage: number;
            /** Format: double */
            processed_percentage: number;
            job_name: null | string;
            job_config: null | {
                [key: string]: unknown;
            };
            /** Format: double */
            estimated_cost: null | number;
            /** Format: double */
            cost: null | number;
            /** @description Any JSON. */
            aggregate_results: unknown;
            error_summary: null | components["schemas"]["ErrorSummary"][];
            /** Format: double */
            total_processing_time_ms: null | number;
            cache: components["schemas"]["Cache"];
            /** Format: int32 */
            priority: number;
            paused: boolean;
            /**
             * Format: date-time
             * @description When the pause ends by itself; null when it is not paused, or until somebody resumes it.
             */
            paused_until: null | string;
            user_id: null | string;
            session_id: null | string;
            /** Format: date-time */
            created_at: null | string;
            /** Format: date-time */
            scheduled_for: null | string;
            /** Format: date-time */
            deadline_at: null | string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            completed_at: null | string;
            /** Format: date-time */
            updated_at: null | string;
            job_config_shortened?: null | boolean;
        };
        JobEntry: {
            /** Format: uuid */
            id: string;
            service: string;
            operation: string;
            name: string;
            tags: string[];
            owner: null | string;
            /** Format: uuid */
            source_job: null | string;
            state: components["schemas"]["JobStatusWord"];
            paused: boolean;
            /**
             * Format: date-time
             * @description When the pause ends by itself; null when it is not paused, or until somebody resumes it.
             */
            paused_until: null | string;
            /** Format: int32 */
            priority: number;
            /** Format: int32 */
            max_parallel: null | number;
            /** Format: int32 */
            max_attempts: number;
            cache: components["schemas"]["Cache"];
            tasks: components["schemas"]["TaskCounts"];
            /** Format: double */
            progress_percentage: number;
            /** Format: double */
            processed_percentage: number;
            /** Format: int64 */
            version: number;
            user_id: null | string;
            session_id: null | string;
            /** Format: double */
            estimated_cost: null | number;
            /** Format: double */
            cost: null | number;
            /** Format: date-time */
            created_at: null | string;
            /** Format: date-time */
            start_at: null | string;
            /** Format: date-time */
            deadline_at: null | string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            finished_at: null | string;
            /** Format: date-time */
            updated_at: null | string;
            /** Format: double */
            tasks_per_second: null | number;
            estimated_completion: null | string;
            /** Format: double */
            eta_seconds: null | number;
            /** Format: double */
            eta_p90_seconds: null | number;
            /** Format: date-time */
            eta_at: null | string;
        };
        JobEntryDetail: {
            config: null | {
                [key: string]: unknown;
            };
            /** @description Any JSON. */
            aggregate_results: unknown;
            error_summary: null | components["schemas"]["ErrorSummary"][];
            /** Format: int64 */
            input_bytes: number;
            /** Format: double */
            processing_ms: number;
            /** Format: double */
            lane_tasks_per_second: null | number;
            /** Format: int64 */
            tasks_ahead: null | number;
            waiting: null | components["schemas"]["Wait"];
            batch_id: null | string;
            /** Format: uuid */
            id: string;
            service: string;
            operation: string;
            name: string;
            tags: string[];
            owner: null | string;
            /** Format: uuid */
            source_job: null | string;
            state: components["schemas"]["JobStatusWord"];
            paused: boolean;
            /**
             * Format: date-time
             * @description When the pause ends by itself; null when it is not paused, or until somebody resumes it.
             */
            paused_until: null | string;
            /** Format: int32 */
            priority: number;
            /** Format: int32 */
            max_parallel: null | number;
            /** Format: int32 */
            max_attempts: number;
            cache: components["schemas"]["Cache"];
            tasks: components["schemas"]["TaskCounts"];
            /** Format: double */
            progress_percentage: number;
            /** Format: double */
            processed_percentage: number;
            /** Format: int64 */
            version: number;
            user_id: null | string;
            session_id: null | string;
            /** Format: double */
            estimated_cost: null | number;
            /** Format: double */
            cost: null | number;
            /** Format: date-time */
            created_at: null | string;
            /** Format: date-time */
            start_at: null | string;
            /** Format: date-time */
            deadline_at: null | string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            finished_at: null | string;
            /** Format: date-time */
            updated_at: null | string;
            /** Format: double */
            tasks_per_second: null | number;
            estimated_completion: null | string;
            /** Format: double */
            eta_seconds: null | number;
            /** Format: double */
            eta_p90_seconds: null | number;
            /** Format: date-time */
            eta_at: null | string;
        };
        JobEntryPage: {
            data: components["schemas"]["JobEntry"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        /** @enum {string} */
        JobKind: "job";
        JobPage: {
            jobs: components["schemas"]["JobSummary"][];
            /** Format: int32 */
            total_count: number;
            total_is_exact: boolean;
            /** Format: int32 */
            limit: number;
            /** Format: int32 */
            offset: number;
            has_more: boolean;
            next: null | string;
        };
        JobPause: {
            /** Format: uuid */
            job_id: string;
            paused: boolean;
            /** Format: date-time */
            paused_until: null | string;
            status: components["schemas"]["JobStatusWord"];
            message: string;
            /** Format: date-time */
            timestamp: string;
        };
        JobResult: {
            /** Format: int32 */
            index: number;
            /** Format: uuid */
            id: string;
            state: components["schemas"]["TaskState"];
            error_kind: null | components["schemas"]["ErrorKind"];
            error_message: null | string;
            /** Format: double */
            processing_ms: null | number;
            /** Format: double */
            cost: null | number;
            /** Format: date-time */
            finished_at: null | string;
            /** @description Any JSON. */
            result: unknown;
            /** @description Any JSON. */
            item_id?: unknown;
            item_name?: null | string;
            /** @description Only with `format=json`: the beginning of the item, where it is a text or asks a model. */
            item_text?: null | string;
            prompt?: null | string;
        };
        JobResultPage: {
            data: components["schemas"]["JobResult"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        /** @enum {string} */
        JobState: "pending" | "scheduled" | "running" | "completed" | "partial" | "failed" | "cancelled";
        JobStatus: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "job";
            /** Format: double */
            progress: number;
            results: components["schemas"]["TaskResult"][];
            /** Format: int32 */
            results_next_offset: null | number;
            estimated_completion: null | string;
            /** Format: double */
            eta_seconds: null | number;
            /** Format: double */
            eta_p90_seconds: null | number;
            /** Format: date-time */
            eta_at: null | string;
            waiting: null | components["schemas"]["Wait"];
            /** Format: uuid */
            job_id: string;
            adapter_name: string;
            job_type: string;
            status: components["schemas"]["JobStatusWord"];
            state: components["schemas"]["JobState"];
            /** Format: int64 */
            version: number;
            /** Format: int32 */
            total_tasks: number;
            /** Format: int32 */
            pending_tasks: number;
            /** Format: int32 */
            running_tasks: number;
            /** Format: int32 */
            completed_tasks: number;
            /** Format: int32 */
            cached_tasks: number;
            /** Format: int32 */
            failed_tasks: number;
            /** Format: int32 */
            cancelled_tasks: number;
            /** Format: double */
            progress_percentage: number;
            /** Format: double */
            processed_percentage: number;
            job_name: null | string;
            job_config: null | {
                [key: string]: unknown;
            };
            /** Format: double */
            estimated_cost: null | number;
            /** Format: double */
            cost: null | number;
            /** @description Any JSON. */
            aggregate_results: unknown;
            error_summary: null | components["schemas"]["ErrorSummary"][];
            /** Format: double */
            total_processing_time_ms: null | number;
            cache: components["schemas"]["Cache"];
            /** Format: int32 */
            priority: number;
            paused: boolean;
            /**
             * Format: date-time
             * @description When the pause ends by itself; null when it is not paused, or until somebody resumes it.
             */
            paused_until: null | string;
            user_id: null | string;
            session_id: null | string;
            /** Format: date-time */
            created_at: null | string;
            /** Format: date-time */
            scheduled_for: null | string;
            /** Format: date-time */
            deadline_at: null | string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            completed_at: null | string;
            /** Format: date-time */
            updated_at: null | string;
            job_config_shortened?: null | boolean;
        };
        /** @enum {string} */
        JobStatusWord: "pending" | "running" | "completed" | "partial" | "failed" | "cancelled";
        JobSummary: {
            /** Format: uuid */
            job_id: string;
            adapter_name: string;
            job_type: string;
            status: components["schemas"]["JobStatusWord"];
            state: components["schemas"]["JobState"];
            /** Format: int64 */
            version: number;
            /** Format: int32 */
            total_tasks: number;
            /** Format: int32 */
            pending_tasks: number;
            /** Format: int32 */
            running_tasks: number;
            /** Format: int32 */
            completed_tasks: number;
            /** Format: int32 */
            cached_tasks: number;
            /** Format: int32 */
            failed_tasks: number;
            /** Format: int32 */
            cancelled_tasks: number;
            /** Format: double */
            progress_percentage: number;
            /** Format: double */
            processed_percentage: number;
            job_name: null | string;
            job_config: null | {
                [key: string]: unknown;
            };
            /** Format: double */
            estimated_cost: null | number;
            /** Format: double */
            cost: null | number;
            /** @description Any JSON. */
            aggregate_results: unknown;
            error_summary: null | components["schemas"]["ErrorSummary"][];
            /** Format: double */
            total_processing_time_ms: null | number;
            cache: components["schemas"]["Cache"];
            /** Format: int32 */
            priority: number;
            paused: boolean;
            /**
             * Format: date-time
             * @description When the pause ends by itself; null when it is not paused, or until somebody resumes it.
             */
            paused_until: null | string;
            user_id: null | string;
            session_id: null | string;
            /** Format: date-time */
            created_at: null | string;
            /** Format: date-time */
            scheduled_for: null | string;
            /** Format: date-time */
            deadline_at: null | string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            completed_at: null | string;
            /** Format: date-time */
            updated_at: null | string;
            job_config_shortened?: null | boolean;
        };
        JobTotals: {
            /** Format: int32 */
            total: number;
            /** Format: int32 */
            active: number;
            /** Format: int32 */
            pending: number;
            /** Format: int32 */
            running: number;
            /** Format: int32 */
            completed: number;
            /** Format: int32 */
            partial: number;
            /** Format: int32 */
            failed: number;
            /** Format: int32 */
            cancelled: number;
        };
        JudgedResults: {
            /** Format: int32 */
            judged: number;
            /** Format: int32 */
            waiting: number;
            jobs: string[];
        };
        Key: {
            id: string;
            name: string;
            role: components["schemas"]["Role"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            last_used_at: null | string;
            /** Format: date-time */
            expires_at: null | string;
        };
        KeyPage: {
            data: components["schemas"]["Key"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        /** @enum {string} */
        Kind: "job" | "task" | "interaction" | "session";
        Lane: {
            authority: string;
            address: null | string;
            /** Format: int32 */
            running: number;
            circuit: components["schemas"]["Circuit"];
            /** Format: date-time */
            asked_again_at: null | string;
            /** Format: date-time */
            blocked_until: null | string;
            waiting: null | components["schemas"]["Wait"];
        };
        LastBackup: {
            /** Format: date-time */
            ended_at: string;
            /** Format: date-time */
            snapshot_at: string;
            folder: string;
            host: string;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            damaged_payloads: number;
            has_database: boolean;
            /** Format: date-time */
            verified_at: null | string;
            verify_error: null | string;
        };
        LimitValues: {
            /** Format: int32 */
            max_parallel: null | number;
            /** Format: double */
            rate: null | number;
            /** Format: double */
            burst: null | number;
            allowed_hours: null | string;
        };
        Limits: {
            /** Format: int32 */
            max_running: null | number;
            /** Format: double */
            rate_per_second: null | number;
            /** Format: double */
            rate_burst: null | number;
            /** Format: double */
            attempt_timeout_seconds: number;
            required_labels: string[];
        };
        Live: {
            status: string;
        };
        Login: {
            key: string;
        };
        /** @enum {string} */
        MatchedBy: "source" | "position";
        Me: {
            name: string;
            role: components["schemas"]["Role"];
            access: components["schemas"]["Access"];
            /** Format: date-time */
            expires_at: null | string;
            version: string;
            features: string[];
        };
        MessageHelp: {
            type: string;
            summary: string;
            fields: {
                [key: string]: string;
            };
        };
        /** @enum {string} */
        Mode: "queue" | "direct";
        NamedGroup: {
            /** Format: int32 */
            enrolled: number;
            /** Format: int32 */
            rejected: number;
            person: components["schemas"]["GalleryPerson"];
            rematch: components["schemas"]["Rematch"];
        };
        NewKey: {
            name: string;
            role: components["schemas"]["Role"];
            /** Format: date-time */
            expires_at?: null | string;
        };
        NewPerson: {
            name: string;
            country?: null | string;
            image?: null | string;
            performer_url?: null | string;
            photos?: null | unknown[];
            faces?: null | {
                [key: string]: unknown;
            }[];
            face?: null | {
                [key: string]: unknown;
            };
        };
        Node: {
            /** Format: int64 */
            id: number;
            name: string;
            role: null | string;
            host: string;
            /** Format: int32 */
            process_id: number;
            version: null | string;
            labels: string[];
            /** Format: int32 */
            running: number;
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            lease_until: string;
        };
        NodePage: {
            data: components["schemas"]["Node"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        OneToManyRequest: {
            target: string | {
                /** @description The photo. */
                image?: string | {
                    url: string;
                } | {
                    path: string;
                };
                /** @description The person, by name or id. */
                person?: string;
                /** @description Chooses a face of the photo: by a point (x and y, in pixels) or by its index in the service's answer (from 0). Without it, all faces are compared. */
                face?: {
                    x?: number;
                    y?: number;
                    index?: number;
                };
                /** @description Returned with the result. */
                item_id?: unknown;
                /** @description Any JSON. */
                id?: unknown;
            };
            items: (string | {
                /** @description The photo. */
                image?: string | {
                    url: string;
                } | {
                    path: string;
                };
                /** @description The person, by name or id. */
                person?: string;
                /** @description Chooses a face of the photo: by a point (x and y, in pixels) or by its index in the service's answer (from 0). Without it, all faces are compared. */
                face?: {
                    x?: number;
                    y?: number;
                    index?: number;
                };
                /** @description Returned with the result. */
                item_id?: unknown;
                /** @description Any JSON. */
                id?: unknown;
            })[];
            /** @description Another instance of the service. */
            visage_api_url?: string;
            config?: components["schemas"]["VisageConfig"];
        };
        OpenAiAnswer: {
            object?: null | string;
            model?: null | string;
        };
        OpenAiBatch: {
            id: string;
            object: string;
            endpoint: string;
            model: null | string;
            errors: null | components["schemas"]["OpenAiBatchErrors"];
            input_file_id: string;
            completion_window: string;
            status: string;
            output_file_id: null | string;
            error_file_id: null | string;
            /** Format: int64 */
            created_at: number;
            /** Format: int64 */
            in_progress_at: null | number;
            /** Format: int64 */
            expires_at: number;
            /** Format: int64 */
            finalizing_at: null | number;
            /** Format: int64 */
            completed_at: null | number;
            /** Format: int64 */
            failed_at: null | number;
            /** Format: int64 */
            expired_at: null | number;
            /** Format: int64 */
            cancelling_at: null | number;
            /** Format: int64 */
            cancelled_at: null | number;
            request_counts: components["schemas"]["OpenAiCounts"];
            usage: null | components["schemas"]["OpenAiUsage"];
            metadata: null | {
                [key: string]: string;
            };
            /** Format: uuid */
            job_id: null | string;
            source_batch_id: null | string;
            /** Format: int32 */
            cached: number;
            /** Format: double */
            cost: null | number;
        };
        OpenAiBatchErrors: {
            object: string;
            data: components["schemas"]["OpenAiLineError"][];
        };
        OpenAiBatchRequest: {
            input_file_id: string;
            endpoint: string;
            completion_window: string;
            metadata?: null | {
                [key: string]: string;
            };
            output_expires_after?: null | components["schemas"]["OpenAiExpiry"];
            /** Format: int32 */
            priority?: null | number;
            /** Format: int32 */
            concurrency?: null | number;
            cache?: null | components["schemas"]["Cache"];
        };
        OpenAiBatches: {
            object: string;
            data: components["schemas"]["OpenAiBatch"][];
            first_id: null | string;
            last_id: null | string;
            has_more: boolean;
        };
        OpenAiCall: {
            model: string;
        };
        OpenAiCompleteRequest: {
            part_ids: string[];
            md5?: null | string;
        };
        OpenAiCounts: {
            /** Format: int32 */
            total: number;
            /** Format: int32 */
            completed: number;
            /** Format: int32 */
            failed: number;
        };
        OpenAiDeleted: {
            id: string;
            object: string;
            deleted: boolean;
        };
        OpenAiError: {
            error: {
                message: string;
                type: string;
                param: null | string;
                code: null | string;
            };
        };
        OpenAiExpiry: {
            anchor: string;
            /** Format: int32 */
            seconds: number;
        };
        OpenAiFile: {
            id: string;
            object: string;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            created_at: number;
            /** Format: int64 */
            expires_at: null | number;
            filename: string;
            purpose: string;
            status: string;
            status_details: null | string;
        };
        OpenAiFiles: {
            object: string;
            data: components["schemas"]["OpenAiFile"][];
            first_id: null | string;
            last_id: null | string;
            has_more: boolean;
        };
        OpenAiInputTokens: {
            /** Format: int64 */
            cached_tokens: number;
        };
        OpenAiLineError: {
            code: string;
            message: string;
            param: null | string;
            /** Format: int64 */
            line: null | number;
        };
        OpenAiModel: {
            id: string;
            object: string;
            /** Format: int64 */
            created: number;
            owned_by: string;
        };
        OpenAiModels: {
            object: string;
            data: components["schemas"]["OpenAiModel"][];
        };
        OpenAiOutputTokens: {
            /** Format: int64 */
            reasoning_tokens: number;
        };
        OpenAiPart: {
            id: string;
            object: string;
            /** Format: int64 */
            created_at: number;
            upload_id: string;
        };
        OpenAiRetryRequest: {
            completion_window?: null | string;
            metadata?: null | {
                [key: string]: string;
            };
            output_expires_after?: null | components["schemas"]["OpenAiExpiry"];
            /** Format: int32 */
            priority?: null | number;
            /** Format: int32 */
            concurrency?: null | number;
            cache?: null | components["schemas"]["Cache"];
        };
        OpenAiTranscription: {
            text: string;
        };
        OpenAiUpload: {
            id: string;
            object: string;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            created_at: number;
            /** Format: int64 */
            expires_at: number;
            filename: string;
            purpose: string;
            mime_type: string;
            status: string;
            file: null | components["schemas"]["OpenAiFile"];
        };
        OpenAiUploadRequest: {
            filename: string;
            purpose: string;
            /** Format: int64 */
            bytes: number;
            mime_type: string;
            expires_after?: null | components["schemas"]["OpenAiExpiry"];
        };
        OpenAiUsage: {
            /** Format: int64 */
            input_tokens: number;
            input_tokens_details: components["schemas"]["OpenAiInputTokens"];
            /** Format: int64 */
            output_tokens: number;
            output_tokens_details: components["schemas"]["OpenAiOutputTokens"];
            /** Format: int64 */
            total_tokens: number;
        };
        Operation: {
            name: string;
            task_type: string;
            job_type: string;
            aggregates: boolean;
            view?: null | components["schemas"]["View"];
        };
        OperationSchema: {
            name: string;
            description: null | string;
            task_type: string;
            job_type: string;
            route: string;
            /** Format: double */
            timeout_seconds: number;
            /** Format: double */
            cost_per_item: null | number;
            cost_per_token: null | {
                [key: string]: unknown;
            };
            item_schema: {
                [key: string]: unknown;
            };
        };
        PauseRequest: {
            /**
             * Format: date-time
             * @description When the pause ends by itself: a time with its offset from UTC. Without one, it lasts until somebody resumes.
             */
            until?: null | string;
        };
        PeopleFolder: {
            folder: string;
        };
        PersonChange: {
            name?: null | string;
            country?: null | string;
            image?: null | string;
            performer_url?: null | string;
        };
        PersonItem: {
            /** Format: int32 */
            item: number;
            /** Format: uuid */
            task_id: string;
            /** Format: int32 */
            faces: number;
            /** Format: double */
            best_confidence: number;
            /** @description Any JSON. */
            item_id?: unknown;
            item_name?: null | string;
        };
        PersonItems: {
            /** Format: uuid */
            job_id: string;
            person: string;
            data: components["schemas"]["PersonItem"][];
            next: null | string;
            /** Format: int32 */
            total: number;
            total_is_exact: boolean;
        };
        PersonMerge: {
            from: string[];
        };
        PersonSplit: {
            faces: string[];
            /** Format: uuid */
            into?: null | string;
            name?: null | string;
        };
        Photos: {
            photos?: null | unknown[];
            faces?: null | {
                [key: string]: unknown;
            }[];
            face?: null | {
                [key: string]: unknown;
            };
        };
        Problem: {
            type: string;
            title: string;
            /** Format: int32 */
            status: number;
            detail: string;
            instance?: null | string;
            setting?: null | string;
            errors?: null | {
                field?: null | string;
                /** Format: int32 */
                item?: null | number;
                reason: string;
            }[];
            trace_id?: null | string;
        };
        QueueHealth: {
            queue_healthy: boolean;
            manager_healthy: boolean;
            queue_enabled: boolean;
            direct_mode: boolean;
        };
        QueueHealthAnswer: {
            queue_healthy: boolean;
            manager_healthy: boolean;
            queue_enabled: boolean;
            direct_mode: boolean;
            /** Format: date-time */
            timestamp: string;
        };
        QueuePause: {
            paused_services: string[];
            paused: boolean;
            /**
             * Format: date-time
             * @description When the pause ends by itself; null when it is not paused, or until somebody resumes.
             */
            paused_until: null | string;
            everything_paused: boolean;
            /** Format: int32 */
            reopened_lanes?: null | number;
            /** Format: int32 */
            released_tasks?: null | number;
            message: string;
            /** Format: date-time */
            timestamp: string;
        };
        QueueStats: {
            /** Format: int32 */
            total_tasks: number;
            /** Format: int32 */
            pending: number;
            /** Format: int32 */
            running: number;
            /** Format: int32 */
            pending_tasks: number;
            /** Format: int32 */
            running_tasks: number;
            /** Format: int32 */
            completed_tasks: number;
            /** Format: int32 */
            failed_tasks: number;
            /** Format: int32 */
            cancelled_tasks: number;
            /** Format: int32 */
            active: number;
            /** Format: int32 */
            scheduled: number;
            /** Format: int32 */
            reserved: number;
            tasks: components["schemas"]["TaskTotals"];
            jobs: components["schemas"]["JobTotals"];
            adapters: {
                [key: string]: components["schemas"]["TaskTotals"];
            };
            /** Format: int32 */
            workers: number;
            /** Format: double */
            oldest_pending_seconds: null | number;
            /** Format: double */
            throughput_per_minute: number;
            /** Format: date-time */
            timestamp: string;
        };
        Quote: {
            service: string;
            operation: string;
            /** Format: int32 */
            count: number;
            /** Format: double */
            seconds_p50?: null | number;
            /** Format: double */
            seconds_p90?: null | number;
            /** Format: date-time */
            ends_at?: null | string;
            time_unknown?: null | string;
            /** Format: int64 */
            tasks_ahead: number;
            /** Format: double */
            lane_tasks_per_second?: null | number;
            /** Format: double */
            cost?: null | number;
            cost_unknown?: null | string;
            /** Format: double */
            energy_wh?: null | number;
            energy_unknown?: null | string;
            errors: components["schemas"]["QuoteError"][];
        };
        QuoteError: {
            /** Format: int32 */
            item: number;
            field: string;
            reason: string;
        };
        QuoteRequest: {
            service: string;
            operation?: null | string;
            /** Format: int32 */
            count?: null | number;
            items?: null | unknown[];
            /** Format: int32 */
            priority?: null | number;
            /** Format: int32 */
            max_parallel?: null | number;
        };
        Ready: {
            status: string;
            checks: components["schemas"]["Check"][];
        };
        /** @enum {string} */
        RecordKind: "interaction" | "session";
        RecordStatus: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "interaction" | "session";
            /** Format: uuid */
            task_id: string;
            status: components["schemas"]["TaskStatusWord"];
            state: components["schemas"]["TaskState"];
            ready: boolean;
            successful: boolean;
            output_json: {
                [key: string]: unknown;
            };
        };
        Rejected: {
            data: components["schemas"]["Rejection"][];
            rematch?: null | components["schemas"]["JudgedResults"];
        };
        RejectedFaces: {
            faces: {
                [key: string]: unknown;
            }[];
        };
        Rejection: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            task: null | string;
            /** Format: int32 */
            face: null | number;
            picture: null | string;
            /** Format: date-time */
            created_at: string;
        };
        RejectionPage: {
            data: components["schemas"]["Rejection"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        Rematch: {
            /** Format: uuid */
            job_id: string;
            state: components["schemas"]["RematchState"];
            /** Format: double */
            threshold: null | number;
            /** Format: int32 */
            total: number;
            /** Format: int32 */
            done: number;
            /** Format: int32 */
            judged: number;
            /** Format: int32 */
            changed: number;
            /** Format: int64 */
            gallery_version: null | number;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            updated_at: null | string;
            error: null | string;
            /** Format: uuid */
            bulk: null | string;
        };
        RematchRequest: {
            /** Format: double */
            threshold?: null | number;
        };
        /** @enum {string} */
        RematchState: "none" | "running" | "completed" | "stopped" | "failed";
        Rerun: {
            only?: null | components["schemas"]["RerunScope"];
            /** @description What differs from the configuration of the first job; null removes a key. */
            config?: null | {
                [key: string]: unknown;
            };
            name?: null | string;
            tags?: null | string[];
            /** Format: int32 */
            priority?: null | number;
        };
        /** @enum {string} */
        RerunScope: "all" | "failed";
        /** @enum {string} */
        ResultFormat: "json" | "ndjson";
        RetryAnswer: {
            kind: components["schemas"]["Kind"];
            /** Format: uuid */
            task_id?: null | string;
            /** Format: uuid */
            job_id: string;
            retried: boolean;
            /** Format: int32 */
            retried_tasks: number;
            /** Format: int32 */
            attempt?: null | number;
            /** Format: int32 */
            max_attempts: number;
            message: string;
            status: components["schemas"]["StatusWord"];
            /** Format: date-time */
            timestamp: string;
        };
        RetryRequest: {
            only?: null | components["schemas"]["RetryScope"];
        };
        /** @enum {string} */
        RetryScope: "all" | "failed";
        /** @enum {string} */
        Role: "read" | "submit" | "operate" | "admin";
        Root: {
            message: string;
            status: components["schemas"]["HealthWord"];
            version: string;
            routes: string[];
        };
        Schedule: {
            /** Format: uuid */
            id: string;
            name: string;
            cron: string;
            time_zone: string;
            overlap: components["schemas"]["ScheduleOverlap"];
            service: string;
            operation: null | string;
            config: null | {
                [key: string]: unknown;
            };
            /** Format: int64 */
            deadline_seconds: null | number;
            source: {
                [key: string]: unknown;
            };
            paused: boolean;
            owner: null | string;
            /** Format: date-time */
            next_run_at: null | string;
            last_run: null | components["schemas"]["ScheduleRun"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        ScheduleChange: {
            name?: null | string;
            cron?: null | string;
            time_zone?: null | string;
            overlap?: null | components["schemas"]["ScheduleOverlap"];
            service?: null | string;
            operation?: null | string;
            config?: null | {
                [key: string]: unknown;
            };
            /** Format: int64 */
            deadline_seconds?: null | number;
            source?: null | {
                [key: string]: unknown;
            };
            paused?: null | boolean;
            take_over?: null | boolean;
        };
        /** @enum {string} */
        ScheduleOverlap: "skip" | "queue";
        SchedulePage: {
            data: components["schemas"]["Schedule"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        ScheduleRequest: {
            name: string;
            cron: string;
            time_zone?: null | string;
            overlap?: null | components["schemas"]["ScheduleOverlap"];
            service: string;
            operation?: null | string;
            config?: null | {
                [key: string]: unknown;
            };
            /** Format: int64 */
            deadline_seconds?: null | number;
            source: {
                [key: string]: unknown;
            };
            paused?: null | boolean;
        };
        ScheduleRun: {
            /** Format: date-time */
            moment: string;
            asked: boolean;
            state: components["schemas"]["ScheduleRunState"];
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            finished_at: null | string;
            /** Format: uuid */
            job_id: null | string;
            job_name: null | string;
            /** Format: int32 */
            items: null | number;
            reason: null | string;
        };
        ScheduleRunPage: {
            data: components["schemas"]["ScheduleRun"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        /** @enum {string} */
        ScheduleRunState: "waiting" | "running" | "submitted" | "nothing" | "skipped" | "failed";
        Series: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /** Format: int32 */
            step: number;
            service: null | string;
            points: components["schemas"]["SeriesPoint"][];
        };
        SeriesPoint: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            submitted?: null | number;
            /** Format: int64 */
            completed?: null | number;
            /** Format: int64 */
            failed?: null | number;
            /** Format: int64 */
            retried?: null | number;
            /** Format: int64 */
            throttled?: null | number;
            /** Format: int64 */
            waiting?: null | number;
            /** Format: double */
            p50_ms?: null | number;
            /** Format: double */
            p95_ms?: null | number;
        };
        Server: {
            version: string;
            runtime: string;
            system: string;
            disk: null | components["schemas"]["Disk"];
            database: null | components["schemas"]["Database"];
            backup: null | components["schemas"]["Backup"];
        };
        Service: {
            name: string;
            configured: boolean;
            called: boolean;
            paused: boolean;
            /** Format: int32 */
            running: number;
            /** Format: int64 */
            waiting: number;
            lanes: components["schemas"]["Lane"][];
            /** Format: date-time */
            paused_until?: null | string;
            address?: null | string;
            operations?: null | components["schemas"]["Operation"][];
            limits?: null | components["schemas"]["Limits"];
            circuit_settings?: null | components["schemas"]["CircuitSettings"];
            declared?: null | components["schemas"]["LimitValues"];
            view?: null | components["schemas"]["View"];
            set: components["schemas"]["LimitValues"];
            allowed_hours?: null | components["schemas"]["AllowedHours"];
        };
        ServiceChange: {
            /** Format: int32 */
            max_parallel?: null | number;
            /** Format: double */
            rate?: null | number;
            /** Format: double */
            burst?: null | number;
            paused?: null | boolean;
            allowed_hours?: null | string;
        };
        ServiceImport: {
            name: string;
            item_field: string;
            declaration: string;
            variables: components["schemas"]["ImportVariable"][];
            saved: boolean;
            result?: null | string;
            not_used_because?: null | string;
            trial?: null | components["schemas"]["Trial"];
        };
        ServiceImportRequest: {
            curl: string;
            name?: null | string;
            item?: null | string;
            result?: null | string;
        };
        ServiceList: {
            everything_paused: boolean;
            /** Format: date-time */
            everything_paused_until: null | string;
            services: components["schemas"]["Service"][];
            /** Format: date-time */
            timestamp: string;
        };
        ServicePause: {
            service: string;
            paused: boolean;
            /**
             * Format: date-time
             * @description When the pause ends by itself; null when it is not paused, or until somebody resumes.
             */
            paused_until: null | string;
            everything_paused: boolean;
            /** Format: int32 */
            reopened_lanes?: null | number;
            /** Format: int32 */
            released_tasks?: null | number;
            message: string;
            /** Format: date-time */
            timestamp: string;
        };
        ServiceRequest: {
            items?: null | unknown[];
            /** @description The one item of a task. */
            item?: unknown;
            /** @description What any job may ask for, and the service's own keys. */
            config?: null | {
                [key: string]: unknown;
            };
        };
        ServiceSchema: {
            name: string;
            description: null | string;
            /** Format: double */
            max_parallel: null | number;
            /** Format: double */
            rate_per_second: null | number;
            /** Format: double */
            timeout_seconds: number;
            required_labels: string[];
            config_schema: {
                [key: string]: unknown;
            };
            operations: components["schemas"]["OperationSchema"][];
        };
        ServiceTest: {
            service: string;
            operation: string;
            ok: boolean;
            /** Format: double */
            duration_ms: number;
            request?: null | components["schemas"]["TrialRequest"];
            answer?: null | components["schemas"]["TrialAnswer"];
            /** @description Any JSON. */
            result?: unknown;
            error_kind?: null | components["schemas"]["ErrorKind"];
            error?: null | string;
            would_retry?: boolean;
        };
        Session: {
            /** Format: uuid */
            id: string;
            session_id: string;
            user_id: null | string;
            /** Format: date-time */
            start_time: string;
            /** Format: date-time */
            end_time: null | string;
            /** Format: int32 */
            page_views: number;
            /** Format: int32 */
            total_interactions: number;
            /** Format: int32 */
            recorded_interactions: number;
            metadata: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            updated_at: string;
        };
        SessionAccepted: {
            /** Format: uuid */
            task_id: string;
            session_id: string;
            status: components["schemas"]["Accepted"];
            state: components["schemas"]["TaskState"];
            mode: components["schemas"]["Mode"];
            /** Format: date-time */
            submitted_at: string;
        };
        SessionPage: {
            sessions: components["schemas"]["Session"][];
            /** Format: int32 */
            limit: number;
            /** Format: int32 */
            offset: number;
            has_more: boolean;
        };
        SessionRequest: {
            session_id: string;
            user_id?: null | string;
            /** Format: int32 */
            page_views?: null | number;
            /** Format: int32 */
            total_interactions?: null | number;
            metadata?: null | {
                [key: string]: unknown;
            };
            /** Format: date-time */
            end_time?: null | string;
        };
        SplitPeople: {
            from: components["schemas"]["GalleryPerson"];
            into: components["schemas"]["GalleryPerson"];
            rematch: components["schemas"]["JudgedResults"];
        };
        Status: components["schemas"]["JobStatus"] | components["schemas"]["TaskStatus"] | components["schemas"]["RecordStatus"];
        /** @enum {string} */
        StatusWord: "pending" | "running" | "completed" | "finished" | "partial" | "failed" | "cancelled";
        SubmitAnswer: {
            /** Format: uuid */
            job_id: string;
            status: components["schemas"]["SubmitStatusWord"];
            state: components["schemas"]["JobState"];
            /** Format: int32 */
            total_tasks: number;
            /** Format: int32 */
            expected_tasks: number;
            estimated_completion: null | string;
            /** Format: double */
            eta_seconds: null | number;
            /** Format: double */
            eta_p90_seconds: null | number;
            /** Format: date-time */
            eta_at: null | string;
            /** Format: double */
            estimated_cost: null | number;
            adapter_name: string;
            message?: null | string;
            drawings?: null | boolean;
            task_ids: null | string[];
            coordinator_task_id: null | string;
            /** Format: uuid */
            task_id?: null | string;
            type?: null | string;
            operation?: null | string;
            /** Format: uuid */
            source_job?: null | string;
            api_url?: null | string;
            visage_api_url?: null | string;
            /** Format: double */
            threshold_used?: null | number;
            mode: components["schemas"]["Mode"];
            durable: boolean;
            /** Format: date-time */
            submitted_at?: null | string;
            status_url?: null | string;
            websocket_subscription?: null | components["schemas"]["Subscription"];
            kind?: null | components["schemas"]["JobKind"];
            job_type?: null | string;
            /** Format: int64 */
            version?: null | number;
            /** Format: int32 */
            pending_tasks?: null | number;
            /** Format: int32 */
            running_tasks?: null | number;
            /** Format: int32 */
            completed_tasks?: null | number;
            /** Format: int32 */
            cached_tasks?: null | number;
            /** Format: int32 */
            failed_tasks?: null | number;
            /** Format: int32 */
            cancelled_tasks?: null | number;
            /** Format: double */
            progress_percentage?: null | number;
            /** Format: double */
            processed_percentage?: null | number;
            /** Format: double */
            progress?: null | number;
            waiting?: null | components["schemas"]["Wait"];
            job_name?: null | string;
            job_config?: null | {
                [key: string]: unknown;
            };
            /** @description Any JSON. */
            aggregate_results?: unknown;
            error_summary?: null | components["schemas"]["ErrorSummary"][];
            /** Format: double */
            cost?: null | number;
            /** Format: double */
            total_processing_time_ms?: null | number;
            cache?: null | components["schemas"]["Cache"];
            /** Format: int32 */
            priority?: null | number;
            paused?: null | boolean;
            /** Format: date-time */
            paused_until?: null | string;
            user_id?: null | string;
            session_id?: null | string;
            /** Format: date-time */
            created_at?: null | string;
            /** Format: date-time */
            scheduled_for?: null | string;
            /** Format: date-time */
            deadline_at?: null | string;
            /** Format: date-time */
            started_at?: null | string;
            /** Format: date-time */
            completed_at?: null | string;
            /** Format: date-time */
            updated_at?: null | string;
            results?: null | components["schemas"]["TaskResult"][];
            /** Format: int32 */
            results_next_offset?: null | number;
        };
        /** @enum {string} */
        SubmitStatusWord: "queued" | "pending" | "running" | "completed" | "partial" | "failed" | "cancelled";
        Subscription: {
            type: string;
            /** Format: uuid */
            job_id?: null | string;
            /** Format: uuid */
            task_id?: null | string;
        };
        SubscriptionHelp: {
            description: string;
            subscribe_message: {
                [key: string]: unknown;
            };
            update_format: {
                [key: string]: unknown;
            };
        };
        TaskCounts: {
            /** Format: int32 */
            total: number;
            /** Format: int32 */
            available: number;
            /** Format: int32 */
            scheduled: number;
            /** Format: int32 */
            running: number;
            /** Format: int32 */
            completed: number;
            /** Format: int32 */
            failed: number;
            /** Format: int32 */
            cancelled: number;
            /** Format: int32 */
            cached: number;
        };
        TaskCurl: {
            /** Format: uuid */
            task_id: string;
            service: string;
            command: string;
            variables: string[];
        };
        TaskDetail: {
            /** @description Any JSON. */
            output_json: unknown;
            error_kind: null | components["schemas"]["ErrorKind"];
            /** Format: int32 */
            retry_count: number;
            /** Format: int32 */
            max_retries: number;
            cancel_requested: boolean;
            /** Format: date-time */
            created_at: null | string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            finished_at: null | string;
            /** Format: date-time */
            scheduled_for: null | string;
            input_data?: null | {
                [key: string]: unknown;
            };
            /** Format: uuid */
            task_id: string;
            /** Format: uuid */
            job_id: string;
            adapter_name: string;
            task_type: string;
            status: components["schemas"]["TaskStatusWord"];
            state: components["schemas"]["TaskState"];
            /** Format: int64 */
            version: number;
            /** Format: double */
            processing_time_ms: null | number;
            error_message: null | string;
            progress: components["schemas"]["TaskProgress"];
            /** Format: int32 */
            batch_index: number;
            /** @description Any JSON. */
            item_id?: unknown;
            item_name?: null | string;
        };
        TaskEntry: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            job_id: string;
            job_name: string;
            /** Format: int32 */
            index: number;
            /** @description Any JSON. */
            item_id?: unknown;
            item_name?: null | string;
            item_text?: null | string;
            service: string;
            operation: string;
            state: components["schemas"]["TaskState"];
            /** Format: int64 */
            version: number;
            /** Format: int32 */
            attempt: number;
            /** Format: int32 */
            max_attempts: number;
            cancel_requested: boolean;
            cached: boolean;
            /** Format: double */
            cost: null | number;
            error_kind: null | components["schemas"]["ErrorKind"];
            error_message: null | string;
            /** Format: double */
            processing_ms: null | number;
            /** Format: date-time */
            due_at: null | string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            finished_at: null | string;
        };
        TaskEntryDetail: {
            input_data?: null | {
                [key: string]: unknown;
            };
            /** @description Any JSON. */
            first_input?: unknown;
            /** @description Any JSON. */
            result: unknown;
            attempts: components["schemas"]["Attempt"][];
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            job_id: string;
            job_name: string;
            /** Format: int32 */
            index: number;
            /** @description Any JSON. */
            item_id?: unknown;
            item_name?: null | string;
            item_text?: null | string;
            service: string;
            operation: string;
            state: components["schemas"]["TaskState"];
            /** Format: int64 */
            version: number;
            /** Format: int32 */
            attempt: number;
            /** Format: int32 */
            max_attempts: number;
            cancel_requested: boolean;
            cached: boolean;
            /** Format: double */
            cost: null | number;
            error_kind: null | components["schemas"]["ErrorKind"];
            error_message: null | string;
            /** Format: double */
            processing_ms: null | number;
            /** Format: date-time */
            due_at: null | string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            finished_at: null | string;
        };
        TaskEntryPage: {
            data: components["schemas"]["TaskEntry"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        TaskHistory: {
            attempts: components["schemas"]["Attempt"][];
            /** @description Any JSON. */
            output_json: unknown;
            error_kind: null | components["schemas"]["ErrorKind"];
            /** Format: int32 */
            retry_count: number;
            /** Format: int32 */
            max_retries: number;
            cancel_requested: boolean;
            /** Format: date-time */
            created_at: null | string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            finished_at: null | string;
            /** Format: date-time */
            scheduled_for: null | string;
            input_data?: null | {
                [key: string]: unknown;
            };
            /** Format: uuid */
            task_id: string;
            /** Format: uuid */
            job_id: string;
            adapter_name: string;
            task_type: string;
            status: components["schemas"]["TaskStatusWord"];
            state: components["schemas"]["TaskState"];
            /** Format: int64 */
            version: number;
            /** Format: double */
            processing_time_ms: null | number;
            error_message: null | string;
            progress: components["schemas"]["TaskProgress"];
            /** Format: int32 */
            batch_index: number;
            /** @description Any JSON. */
            item_id?: unknown;
            item_name?: null | string;
        };
        /** @enum {string} */
        TaskKind: "task";
        TaskListed: {
            output_url: null | string;
            error_kind: null | components["schemas"]["ErrorKind"];
            /** Format: int32 */
            retry_count: number;
            /** Format: int32 */
            max_retries: number;
            cancel_requested: boolean;
            /** Format: date-time */
            created_at: null | string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            finished_at: null | string;
            /** Format: date-time */
            scheduled_for: null | string;
            input_data?: null | {
                [key: string]: unknown;
            };
            /** Format: uuid */
            task_id: string;
            /** Format: uuid */
            job_id: string;
            adapter_name: string;
            task_type: string;
            status: components["schemas"]["TaskStatusWord"];
            state: components["schemas"]["TaskState"];
            /** Format: int64 */
            version: number;
            /** Format: double */
            processing_time_ms: null | number;
            error_message: null | string;
            progress: components["schemas"]["TaskProgress"];
            /** Format: int32 */
            batch_index: number;
            /** @description Any JSON. */
            item_id?: unknown;
            item_name?: null | string;
        };
        TaskPage: {
            tasks: components["schemas"]["TaskListed"][];
            /** Format: int32 */
            total_count: null | number;
            /** Format: int32 */
            limit: number;
            /** Format: int32 */
            offset: number;
            has_more: boolean;
        };
        TaskProgress: {
            /** Format: int32 */
            percent: number;
            /** Format: int32 */
            attempt: number;
            /** Format: int32 */
            max_attempts: number;
            stage: components["schemas"]["TaskStage"];
        };
        TaskResult: {
            /** @description Any JSON. */
            output_json: unknown;
            /** Format: uuid */
            task_id: string;
            /** Format: uuid */
            job_id: string;
            adapter_name: string;
            task_type: string;
            status: components["schemas"]["TaskStatusWord"];
            state: components["schemas"]["TaskState"];
            /** Format: int64 */
            version: number;
            /** Format: double */
            processing_time_ms: null | number;
            error_message: null | string;
            progress: components["schemas"]["TaskProgress"];
            /** Format: int32 */
            batch_index: number;
            /** @description Any JSON. */
            item_id?: unknown;
            item_name?: null | string;
        };
        TaskRetry: {
            /** @description Any JSON. */
            input?: unknown;
        };
        /** @enum {string} */
        TaskStage: "waiting" | "waiting_to_start" | "waiting_to_retry" | "calling_upstream" | "done";
        /** @enum {string} */
        TaskState: "available" | "scheduled" | "running" | "completed" | "failed" | "cancelled";
        TaskStatus: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "task";
            /** @description Any JSON. */
            output_json: unknown;
            error_kind: null | components["schemas"]["ErrorKind"];
            /** Format: int32 */
            retry_count: number;
            /** Format: int32 */
            max_retries: number;
            cancel_requested: boolean;
            /** Format: date-time */
            created_at: null | string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            finished_at: null | string;
            /** Format: date-time */
            scheduled_for: null | string;
            input_data?: null | {
                [key: string]: unknown;
            };
            /** Format: uuid */
            task_id: string;
            /** Format: uuid */
            job_id: string;
            adapter_name: string;
            task_type: string;
            status: components["schemas"]["TaskStatusWord"];
            state: components["schemas"]["TaskState"];
            /** Format: int64 */
            version: number;
            /** Format: double */
            processing_time_ms: null | number;
            error_message: null | string;
            progress: components["schemas"]["TaskProgress"];
            /** Format: int32 */
            batch_index: number;
            /** @description Any JSON. */
            item_id?: unknown;
            item_name?: null | string;
        };
        /** @enum {string} */
        TaskStatusWord: "pending" | "running" | "completed" | "finished" | "failed" | "cancelled";
        TaskTotals: {
            /** Format: int32 */
            total: number;
            /** Format: int32 */
            pending: number;
            /** Format: int32 */
            available: number;
            /** Format: int32 */
            scheduled: number;
            /** Format: int32 */
            running: number;
            /** Format: int32 */
            completed: number;
            /** Format: int32 */
            finished: number;
            /** Format: int32 */
            failed: number;
            /** Format: int32 */
            cancelled: number;
        };
        TestRequest: Record<string, never>;
        Ticket: {
            ticket: string;
            /** Format: int32 */
            expires_in_seconds: number;
            /** Format: date-time */
            expires_at: string;
        };
        Timeline: {
            /** Format: uuid */
            job_id: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            ended_at: null | string;
            events: components["schemas"]["TimelineEvent"][];
            /** Format: int64 */
            step_seconds: number;
            steps: components["schemas"]["TimelineStep"][];
        };
        TimelineEvent: {
            /** Format: date-time */
            at: string;
            event: components["schemas"]["TimelineWord"];
        };
        TimelineStep: {
            /** Format: date-time */
            at: string;
            /** Format: int32 */
            completed: number;
            /** Format: int32 */
            failed: number;
        };
        /** @enum {string} */
        TimelineWord: "created" | "started" | "paused" | "resumed" | "service_paused" | "service_resumed" | "parked" | "unparked" | "ended";
        Trial: {
            ok: boolean;
            /** Format: double */
            duration_ms: number;
            request?: null | components["schemas"]["TrialRequest"];
            answer?: null | components["schemas"]["TrialAnswer"];
            /** @description Any JSON. */
            result?: unknown;
            error_kind?: null | components["schemas"]["ErrorKind"];
            error?: null | string;
            would_retry?: boolean;
        };
        TrialAnswer: {
            /** Format: int32 */
            status: number;
            content_type: null | string;
            /** Format: int64 */
            bytes: number;
            body: string;
        };
        TrialHeader: {
            name: string;
            value: string;
        };
        TrialRequest: {
            method: string;
            url: string;
            headers: components["schemas"]["TrialHeader"][];
            body: null | string;
        };
        Upload: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["UploadState"];
            /**
             * Format: int64
             * @description Where the next chunk begins: the bytes that are stored.
             */
            offset: number;
            /** Format: int64 */
            size: null | number;
            sha256: null | string;
            service: string;
            operation: null | string;
            task: boolean;
            content_type: string;
            config: null | {
                [key: string]: unknown;
            };
            /**
             * Format: int32
             * @description The size of chunks that suits the server best.
             */
            chunk_bytes: number;
            /** Format: int32 */
            max_chunk_bytes: number;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description The upload is removed then, unless another chunk comes.
             */
            expires_at: string;
            /** Format: uuid */
            job_id: null | string;
        };
        UploadCommit: {
            /** @description The SHA-256 of the whole body, as 64 hexadecimal digits. */
            sha256?: null | string;
        };
        UploadRequest: {
            service: string;
            /** @description The operation, where the service has several. */
            operation?: null | string;
            /** @description True for one task, whose body is that of `POST /api/{service}/task`. */
            task?: null | boolean;
            /** @description The type of the body: `application/json` (the default), `application/x-ndjson`, or `multipart/form-data` with its boundary. */
            content_type?: null | string;
            /** @description The configuration of a body of lines; other bodies have it inside. */
            config?: null | {
                [key: string]: unknown;
            };
            /**
             * Format: int64
             * @description The bytes of the whole body, if they are known.
             */
            size?: null | number;
            /** @description The SHA-256 of the whole body, as 64 hexadecimal digits, if it is known. */
            sha256?: null | string;
        };
        /** @enum {string} */
        UploadState: "open" | "committed";
        VideoRequest: {
            items: {
                /** @description The video. */
                video: string | {
                    url: string;
                } | {
                    path: string;
                };
                /** @description The least confidence of a match. */
                threshold?: number;
                /** @description The most people for each face. */
                max_faces?: number;
                /** @description Of videos: how many frames of each minute are analysed, 6 unless given; 0 for the cover only. */
                frames_per_minute?: number;
                /** @description Of videos: the most frames, 2,000 unless given. Those of a longer video are spread over its length. */
                max_frames?: number;
                /**
                 * @description Of videos: how closely each frame is searched for faces, fast unless given.
                 * @enum {string}
                 */
                detail?: "fast" | "auto" | "fine";
                /** @description Returned with the result. */
                item_id?: unknown;
                /** @description Returned with the result; a file's own name without it. */
                item_name?: string;
            }[];
            /** @description Another instance of the service. */
            visage_api_url?: string;
            config?: components["schemas"]["VisageConfig"];
        };
        View: {
            kind: string;
            text?: null | string;
            segments?: null | string;
            language?: null | string;
            duration?: null | string;
            tokens?: null | string;
            finish_reason?: null | string;
            vector?: null | string;
        };
        VisageConfig: {
            /**
             * Format: double
             * @description The least confidence of a match, 0 to 1; 0.5 unless given.
             */
            threshold?: null | number;
            /**
             * Format: double
             * @description The same.
             */
            face_threshold?: null | number;
            /** @description An id for each photo, in their order. */
            item_ids?: null | unknown[];
            /**
             * Format: double
             * @description Of videos: how many frames of each minute are analysed, 0 to 600; 6 unless given, and 0 for the cover only.
             */
            frames_per_minute?: null | number;
            /**
             * Format: int32
             * @description Of videos: the most frames, 1 to 2,000.
             */
            max_frames?: null | number;
            /** @description Of videos: how closely each frame is searched: `fast`, `auto` or `fine`. */
            detail?: null | string;
            model_type?: null | string;
            return_face_locations?: null | boolean;
            /** @description `max_faces`, the ids of what the photos belong to, and whatever the client wants to find again. */
            additional_params?: null | ({
                max_faces?: number;
            } & {
                [key: string]: unknown;
            });
            /** @description For people. */
            job_name?: null | string;
            /** @description Shown with the job; lists of jobs can be filtered by it. */
            user_id?: null | string;
            /** @description Shown with the job; lists of jobs can be filtered by it. */
            session_id?: null | string;
            /** @description Higher first: 0 to 9, or a word; 5 unless given. */
            priority?: number | ("low" | "normal" | "high");
            /**
             * Format: int32
             * @description The most tasks of the job at once, 1 to 100,000.
             */
            batch_size?: null | number;
            /**
             * Format: int32
             * @description The same; the smaller one holds.
             */
            max_parallel?: null | number;
            /**
             * Format: int32
             * @description How often a failed call is tried again, 0 to 100; 3 unless given.
             */
            max_retries?: null | number;
            /**
             * Format: date-time
             * @description Its tasks wait until then.
             */
            start_at?: null | string;
            /**
             * Format: date-time
             * @description What is not over by then fails.
             */
            deadline?: null | string;
            /** @description What people find the job by: up to 16 tags of 1 to 64 characters. */
            tags?: null | string[];
        };
        VisageJobInfo: {
            task_ids: null | string[];
            /** Format: uuid */
            job_id: string;
            adapter_name: string;
            job_type: string;
            status: components["schemas"]["JobStatusWord"];
            state: components["schemas"]["JobState"];
            /** Format: int64 */
            version: number;
            /** Format: int32 */
            total_tasks: number;
            /** Format: int32 */
            pending_tasks: number;
            /** Format: int32 */
            running_tasks: number;
            /** Format: int32 */
            completed_tasks: number;
            /** Format: int32 */
            cached_tasks: number;
            /** Format: int32 */
            failed_tasks: number;
            /** Format: int32 */
            cancelled_tasks: number;
            /** Format: double */
            progress_percentage: number;
            /** Format: double */
            processed_percentage: number;
            job_name: null | string;
            job_config: null | {
                [key: string]: unknown;
            };
            /** Format: double */
            estimated_cost: null | number;
            /** Format: double */
            cost: null | number;
            /** @description Any JSON. */
            aggregate_results: unknown;
            error_summary: null | components["schemas"]["ErrorSummary"][];
            /** Format: double */
            total_processing_time_ms: null | number;
            cache: components["schemas"]["Cache"];
            /** Format: int32 */
            priority: number;
            paused: boolean;
            /**
             * Format: date-time
             * @description When the pause ends by itself; null when it is not paused, or until somebody resumes it.
             */
            paused_until: null | string;
            user_id: null | string;
            session_id: null | string;
            /** Format: date-time */
            created_at: null | string;
            /** Format: date-time */
            scheduled_for: null | string;
            /** Format: date-time */
            deadline_at: null | string;
            /** Format: date-time */
            started_at: null | string;
            /** Format: date-time */
            completed_at: null | string;
            /** Format: date-time */
            updated_at: null | string;
            job_config_shortened?: null | boolean;
        };
        VisageJobRequest: {
            /** @description Base64 photos, with or without a `data:` prefix. */
            images: string[];
            /** @description Another instance of the face service. */
            visage_api_url?: null | string;
            config?: null | components["schemas"]["VisageConfig"];
        };
        VisageResult: {
            /** Format: uuid */
            result_id: string;
            /** Format: uuid */
            task_id: string;
            /** Format: uuid */
            job_id: string;
            /** Format: int32 */
            batch_index: number;
            /** @description Any JSON. */
            item_id?: unknown;
            item_name?: null | string;
            visage_api_url: null | string;
            /** Format: double */
            threshold_used: null | number;
            model_version: null | string;
            /** Format: int32 */
            faces_detected: number;
            /** Format: int32 */
            total_matches: number;
            /** Format: double */
            max_confidence: null | number;
            /** Format: double */
            min_confidence: null | number;
            /** @description Any JSON. */
            raw_visage_output: unknown;
            /** Format: double */
            processing_time_ms: null | number;
            /** Format: double */
            api_response_time_ms: null | number;
            processing_successful: string;
            error_kind: null | components["schemas"]["ErrorKind"];
            error_details: null | string;
            /** Format: date-time */
            created_at: null | string;
            /** Format: date-time */
            updated_at: null | string;
        };
        VisageResults: {
            /** Format: uuid */
            job_id: string;
            job_info: components["schemas"]["VisageJobInfo"];
            /** Format: int32 */
            total_results: number;
            visage_results: components["schemas"]["VisageResult"][];
        };
        VisageTaskRequest: {
            /** @description A base64 photo, with or without a `data:` prefix. */
            image?: null | string;
            /** @description The same, as text or as an object with `image_base64`. */
            image_data?: string | {
                image_base64: string;
            };
            /** @description Another instance of the face service. */
            visage_api_url?: null | string;
            /**
             * Format: double
             * @description The least confidence of a match, 0 to 1.
             */
            threshold?: null | number;
            config?: null | components["schemas"]["VisageConfig"];
        };
        VisageTaskResult: {
            /** Format: uuid */
            task_id: string;
            task_info: components["schemas"]["TaskDetail"];
            visage_result: null | components["schemas"]["VisageResult"];
        };
        Wait: {
            cause: components["schemas"]["WaitCause"];
            service: string;
            address: string;
            error_kind: null | components["schemas"]["ErrorKind"];
            error_message: string;
            /** Format: int32 */
            http_status: null | number;
            /** Format: date-time */
            since: null | string;
            /** Format: date-time */
            next_try_at: null | string;
            resume: null | string;
            resume_scope: null | string;
        };
        /** @enum {string} */
        WaitCause: "error" | "allowed_hours" | "queue_paused" | "service_paused" | "job_paused";
        Webhook: {
            /** Format: uuid */
            id: string;
            name: string;
            url: string;
            description: null | string;
            events: string[];
            is_enabled: boolean;
            disabled_reason: null | string;
            /** Format: date-time */
            old_secret_until: null | string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        WebhookAddress: {
            url: string;
        };
        WebhookChange: {
            name?: null | string;
            url?: null | string;
            description?: null | string;
            events?: null | string[];
            is_enabled?: null | boolean;
        };
        WebhookPage: {
            data: components["schemas"]["Webhook"][];
            next: null | string;
            /** Format: int64 */
            total: number;
            total_is_exact: boolean;
        };
        WebhookRequest: {
            name: string;
            url: string;
            description?: null | string;
            events?: null | string[];
            is_enabled?: null | boolean;
            secret?: null | string;
        };
        WebhookRotation: {
            /** Format: int64 */
            keep_seconds?: null | number;
            secret?: null | string;
        };
        WebhookSecret: {
            url: string;
            secret: string;
        };
        WebhookWithSecret: {
            secret: string;
            /** Format: uuid */
            id: string;
            name: string;
            url: string;
            description: null | string;
            events: string[];
            is_enabled: boolean;
            disabled_reason: null | string;
            /** Format: date-time */
            old_secret_until: null | string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
    };
    responses: {
        /** @description The request is malformed, or misses a field. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The API key is missing or unknown. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The API key does not allow this. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nothing has this id or name. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request does not fit the current state. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is over a limit; `setting` names it. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The content type cannot be read. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The range begins behind the end; `Content-Range` has the length. */
        RangeNotSatisfiable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A field or a parameter is not valid; `errors` names it and how to fix it. */
        Invalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many wrong API keys; `Retry-After` says when to try again. */
        TooManyRequests: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server cannot do this at the moment; `Retry-After` says when to try again. */
        Unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request was refused: what is wrong, and how to fix it. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request was refused, in the form of OpenAI's errors; `param` names the field. */
        OpenAiProblem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description The request was refused, in the form of Anthropic's errors; `param` names the field, and `errors` names all. */
        AnthropicProblem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["AnthropicError"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is valid for thirty seconds. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    root: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Root"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "health-ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "visage-job": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VisageJobRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "visage-identify": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VisageJobRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "visage-task": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VisageTaskRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "visage-compare": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompareRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "visage-one-to-many": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OneToManyRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "visage-video": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VideoRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "visage-results": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VisageResults"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "visage-result": {
        parameters: {
            query?: {
                /** @description How much of the inputs to show: nothing, where to fetch them, or all. */
                inputs?: components["schemas"]["InputDetail"];
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VisageTaskResult"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "visage-person-items": {
        parameters: {
            query?: {
                /** @description The person's id, as `people` of `aggregate_results` has it. It must be given. */
                person?: string;
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonItems"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "visage-picture": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the link. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    "list-people": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
                /** @description Only people whose name contains this, in any case. */
                name?: string;
                /** @description The order: of enrolment (the default), by name or by the number of faces; `-` for the reverse. */
                sort?: "added" | "-added" | "name" | "-name" | "faces" | "-faces";
                /** @description Only people whom results of this job show, those on most photos first. Not together with `name` or `sort`. */
                in_job?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GalleryPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "enrol-person": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPerson"];
            };
        };
        responses: {
            /** @description The person is in the gallery. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GalleryPerson"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "show-person": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GalleryPerson"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "delete-person": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person is being removed. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "change-person": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonChange"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GalleryPerson"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-photos-of-person": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
                /** @description Only photos of this job. */
                job?: string;
                /** @description Only photos with a match of at least this confidence. */
                min_confidence?: number;
            };
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlbumPhotoPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "add-photos": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Photos"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GalleryPerson"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-people-together": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
                /** @description Only photos of this job. */
                job?: string;
            };
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompanionPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "merge-people": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonMerge"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GalleryPerson"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "person-picture": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-faces": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GalleryFaces"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "face-picture": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
                /** @description The face's id. */
                face: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "delete-face": {
        parameters: {
            query?: {
                /** @description True removes the person too, if that was their only face and nothing else than their name is known: what takes back that the face made a new person. Stored results stay as they are until they are judged again. */
                with_person?: boolean;
            };
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
                /** @description The face's id. */
                face: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "split-person": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonSplit"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SplitPeople"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-erasures": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasurePage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "show-erasure": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The erasure's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "export-people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "import-people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GalleryImport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "import-people-folder": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PeopleFolder"];
            };
        };
        responses: {
            /** @description What became of each photo. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "result-face-picture": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
                /** @description The position of the face in the result, from 0. */
                face: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-rejections": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectionPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "reject-faces": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RejectedFaces"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rejected"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "delete-rejection": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person's id. */
                id: string;
                /** @description The rejection's id. */
                rejection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-jobs": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
                /** @description Only jobs in these states: `pending`, `running`, `completed`, `partial`, `failed`, `cancelled`, separated by commas. */
                state?: string;
                /** @description True for paused jobs only, false for the others only. */
                paused?: boolean;
                /** @description Only those of this service. */
                service?: string;
                /** @description Only those of this operation. */
                operation?: string;
                /** @description Only jobs with this in their name, in upper or lower case. */
                name?: string;
                /** @description Only those of this user. */
                user_id?: string;
                /** @description Only those of this session. */
                session_id?: string;
                /** @description Only jobs with this tag. */
                tag?: string;
                /** @description Only jobs that were submitted with the API key of this name. */
                owner?: string;
                /** @description Only jobs with failed tasks of this kind (`timeout`), with this fingerprint, or with this in a message. */
                error?: string;
                /** @description Only jobs that were submitted after this time, as RFC 3339. */
                created_after?: string;
                /** @description Only jobs that were submitted before this time, as RFC 3339. */
                created_before?: string;
                /** @description Only jobs whose id begins so. */
                id?: string;
                /** @description `-created`: the newest first, as without it; `created`: the oldest first. `-failed`: jobs with failures, the most first. `priority`: open jobs, the highest first. `-progress`: running jobs, the furthest first, of 5,000 at most. `name`: jobs with a name, in the order of its characters in lower case. */
                sort?: "-created" | "created" | "-failed" | "priority" | "-progress" | "name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobEntryPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "show-job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobEntryDetail"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "delete-job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job is removed when its calls have ended. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeleteAccepted"];
                };
            };
            /** @description The job is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "change-job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobChange"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobEntryDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-tasks-of-job": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
                /** @description Only tasks in these states: `available`, `scheduled`, `running`, `completed`, `failed`, `cancelled`, separated by commas. */
                state?: string;
                /** @description Only failed tasks of this group. */
                fingerprint?: string;
                /** @description Only tasks that were tried at least so often. */
                attempts_min?: number;
                /** @description Only tasks with this in their input or their error, in upper or lower case. */
                text?: string;
            };
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskEntryPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-tasks": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
                /** @description Only tasks in these states: `available`, `scheduled`, `running`, `completed`, `failed`, `cancelled`, separated by commas. */
                state?: string;
                /** @description Only those of this service. */
                service?: string;
                /** @description Only failed tasks of this group. */
                fingerprint?: string;
                /** @description Only tasks that were tried at least so often. */
                attempts_min?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskEntryPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "show-task": {
        parameters: {
            query?: {
                /** @description How much of the inputs to show: nothing, where to fetch them, or all. */
                inputs?: components["schemas"]["InputDetail"];
            };
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskEntryDetail"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "retry-task": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TaskRetry"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskEntry"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "job-failures": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailurePage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "retry-failures": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
                /** @description The group, as the list of failures names it. */
                fingerprint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailureChange"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "skip-failures": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
                /** @description The group, as the list of failures names it. */
                fingerprint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailureChange"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "rerun-job": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Rerun"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "show-rematch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rematch"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "rematch-job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RematchRequest"];
            };
        };
        responses: {
            /** @description It is stored. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rematch"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-clusters": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Clusters"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "cluster-job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ClustersRequest"];
            };
        };
        responses: {
            /** @description It is stored. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Clusters"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "show-cluster": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id. */
                id: string;
                /** @description The group's id. */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaceGroupPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "name-cluster": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
                /** @description The group's id. */
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupName"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NamedGroup"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "compare-jobs": {
        parameters: {
            query?: {
                /** @description The id of the other job; `source_job` unless given. */
                with?: string;
                /** @description Only items of this kind. */
                kind?: "same" | "different" | "open" | "only_here" | "only_there";
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-job-results": {
        parameters: {
            query?: {
                /** @description `ndjson`: one result a line, as without it. `csv`: one a row. `json`: a page with `data` and `next`. `zip`: an archive with a file for each. */
                format?: "ndjson" | "csv" | "json" | "zip";
                /** @description Only results in these states: `completed`, `failed`, `cancelled`, separated by commas; all of them unless given. */
                state?: string;
                /** @description `item`: in the order of the items, as without it. `finished`: in the order in which they finished; not with `format=json` or `zip`. */
                order?: "item" | "finished";
                /** @description True goes on with results as they come, until the job is over; not with `format=json` or `zip`. */
                follow?: boolean;
                /** @description Only items from this index on, such as the one behind the last that was read; not with `format=json` or `zip`. */
                from?: number;
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: {
                /** @description One range of bytes, such as `bytes=1000-`, of `ndjson` or `csv` of a job that is over. */
                Range?: string;
                /** @description The ETag of the first part: the answer is whole (200) when the results have changed since. */
                "If-Range"?: string;
                /** @description ETags that the client has: the answer is a 304 when the results of a job that is over are one of them. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobResultPage"];
                };
            };
            /** @description The range. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description The client has these results already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            416: components["responses"]["RangeNotSatisfiable"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-bulk": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "start-bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequest"];
            };
        };
        responses: {
            /** @description With `dry_run`: how many jobs match. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkCount"];
                };
            };
            /** @description The operation is stored. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bulk"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "show-bulk": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bulk"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "stop-bulk": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bulk"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-schedules": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulePage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "create-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleRequest"];
            };
        };
        responses: {
            /** @description The schedule is stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "show-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or the name. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "delete-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or the name. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "change-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or the name. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleChange"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-schedule-runs": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id, or the name. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleRunPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "run-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or the name. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run is stored. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleRun"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-webhooks": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "create-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook is stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "show-webhook-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookAddress"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecret"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "show-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or the name. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "delete-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or the name. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "change-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or the name. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookChange"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "rotate-webhook-secret": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or the name. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WebhookRotation"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "test-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or the name. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is sent now. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-deliveries": {
        parameters: {
            query?: {
                /** @description Only those in this state. */
                state?: "waiting" | "delivered" | "given_up";
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id, or the name; `jobs` for the addresses that jobs name. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "replay-delivery": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, or the name; `jobs` for the addresses that jobs name. */
                id: string;
                /** @description The id of the delivery. */
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is sent now. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "start-upload": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UploadRequest"];
            };
        };
        responses: {
            /** @description The upload that the first request with this `Idempotency-Key` made. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description The upload is stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "show-upload": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "delete-upload": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "append-upload": {
        parameters: {
            query?: never;
            header?: {
                /** @description The position of the chunk in the body. */
                "Upload-Offset"?: number;
                /** @description The SHA-256 of the chunk: `sha-256=:BASE64:` (RFC 9530). */
                "Content-Digest"?: string;
            };
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The chunk is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "commit-upload": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: {
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UploadCommit"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-audit": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
                /** @description Only changes by this name, as `who` of an entry has it. */
                who?: string;
                /** @description Only changes with this word, such as `cancel`. */
                action?: string;
                /** @description Only changes of things of this kind, such as `job`. */
                target_kind?: string;
                /** @description Only changes of what has this id or name, whole. */
                target_id?: string;
                /** @description Only changes after this time, as RFC 3339. */
                after?: string;
                /** @description Only changes before this time, as RFC 3339. */
                before?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Problem"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cookie is removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Problem"];
        };
    };
    "list-nodes": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodePage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-keys": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "create-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKey"];
            };
        };
        responses: {
            /** @description The key is valid at once here, and after two seconds in other processes. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedKey"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "revoke-key": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The key's id, as the list of keys has it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key is revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    jobs: {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description How many entries to skip. */
                offset?: number;
                /** @description Only those of this status; all synonyms are known. Repeated, or several separated by commas. */
                status?: string;
                /** @description Only those of this service. */
                adapter_name?: string;
                /** @description False leaves completed ones out. */
                include_completed?: boolean;
                /** @description False leaves out those of which only a part completed. */
                include_partial?: boolean;
                /** @description False leaves out the jobs that a task route made for its one task. */
                include_single?: boolean;
                /** @description Only those of this user. */
                user_id?: string;
                /** @description Only those of this session. */
                session_id?: string;
                /** @description Only those with this in their name, in upper or lower case. */
                name?: string;
                /** @description `next` of the page before. Entries that come in between move no page, as they do with `offset`. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    job: {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description How many entries to skip. */
                offset?: number;
                /** @description How much of the inputs to show: nothing, where to fetch them, or all. */
                inputs?: components["schemas"]["InputDetail"];
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "job-results": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description How many entries to skip. */
                offset?: number;
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
                /** @description `ndjson` for a result on each line: all results, or with `limit` that page. */
                format?: components["schemas"]["ResultFormat"];
            };
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobStatus"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    task: {
        parameters: {
            query?: {
                /** @description How much of the inputs to show: nothing, where to fetch them, or all. */
                inputs?: components["schemas"]["InputDetail"];
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskHistory"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "task-input": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
                /** @description Which part; `image` for a photo. */
                slot: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes as they were uploaded. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    tasks: {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description How many entries to skip. */
                offset?: number;
                /** @description Only those of this status; all synonyms are known. Repeated, or several separated by commas. */
                status?: string;
                /** @description Only those of this service. */
                adapter_name?: string;
                /** @description Only those of this job. */
                job_id?: string;
                /** @description How much of the inputs to show: nothing, where to fetch them, or all. */
                inputs?: components["schemas"]["InputDetail"];
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    status: {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description How many entries to skip. */
                offset?: number;
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
                /** @description `ndjson` for a result on each line: all results, or with `limit` that page. */
                format?: components["schemas"]["ResultFormat"];
            };
            header?: {
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A job with a page of its results, in the order of the items; or a task, an interaction or a session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    cancel: {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancelAnswer"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    stats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueStats"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "queue-health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueHealthAnswer"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    retry: {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetryRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetryAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "pause-job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PauseRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPause"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "resume-job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPause"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "pause-service": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The service's name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PauseRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServicePause"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "resume-service": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The service's name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServicePause"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    pause: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PauseRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuePause"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    resume: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuePause"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    services: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    service: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The service's name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Service"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "remove-service": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The service's name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "change-service": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The service's name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceChange"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Service"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "service-declaration": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The service's name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Declaration"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "change-declaration": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The service's name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeclarationText"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Declaration"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    series: {
        parameters: {
            query?: {
                /** @description The first moment, as in RFC 3339; an hour before `to` by default. */
                from?: string;
                /** @description The end, which is left out; now by default. */
                to?: string;
                /** @description Seconds of a point: a multiple of 60, or of 3600 from an hour on. By default the smallest with up to 500 points. */
                step?: number;
                /** @description Only this service; otherwise the sum over all. */
                service?: string;
                /** @description Only these, with commas between them: submitted, completed, failed, retried, throttled, waiting, p50_ms, p95_ms. */
                metric?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    costs: {
        parameters: {
            query?: {
                /** @description The first day, such as `2030-01-31`; 30 days ago by default. */
                from?: string;
                /** @description The last day; today by default. */
                to?: string;
                /** @description Only what this key has submitted, by its name. */
                key?: string;
                /** @description Only this service. */
                service?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Costs"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    server: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Server"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    quote: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuoteRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quote"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "job-timeline": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "test-service": {
        parameters: {
            query?: {
                /** @description The operation; the first by default. */
                operation?: string;
            };
            header?: never;
            path: {
                /** @description The service's name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceTest"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "import-service": {
        parameters: {
            query?: {
                /** @description `true` writes the declaration into the folder of services (scope `admin`). */
                save?: "true" | "false";
                /** @description With `save`: `true` replaces a declared service of this name. */
                replace?: "true" | "false";
                /** @description `true` makes the call of the command once, and shows its answer: of an admin to its address, of others if a job may name that. */
                call?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceImportRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceImport"];
                };
            };
            /** @description The declaration is saved. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceImport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "task-curl": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskCurl"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    interactions: {
        parameters: {
            query?: {
                /** @description Only those of this session. */
                session_id?: string;
                /** @description Only those of this user. */
                user_id?: string;
                /** @description The most entries of the page. */
                limit?: number;
                /** @description How many entries to skip. */
                offset?: number;
                /** @description The `next_before_id` of the previous page. */
                before_id?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InteractionPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "add-interaction": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InteractionsRequest"];
            };
        };
        responses: {
            /** @description It is durable. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InteractionAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "interaction-actions": {
        parameters: {
            query?: {
                /** @description The first moment, as RFC 3339; a day before `to` by default. */
                from?: string;
                /** @description The end, which is left out; now by default. */
                to?: string;
                /** @description In how many parts of equal length the time is counted; 48 by default. */
                steps?: number;
                /** @description Only those of this session. */
                session_id?: string;
                /** @description Only those of this user. */
                user_id?: string;
                /** @description The most entries of the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionTable"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    sessions: {
        parameters: {
            query?: {
                /** @description Only those of this user. */
                user_id?: string;
                /** @description The most entries of the page. */
                limit?: number;
                /** @description How many entries to skip. */
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "save-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionRequest"];
            };
        };
        responses: {
            /** @description It is durable. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The client's name for it. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    batch: {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "demo-job": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DemoRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "demo-task": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DemoTaskRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "service-task": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
                /** @description Which of the service's operations, where it has several. */
                operation?: string;
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path: {
                /** @description The service, one of those that `GET /api/services` lists. */
                service: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "service-job": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
                /** @description Which of the service's operations, where it has several. */
                operation?: string;
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path: {
                /** @description The service, one of those that `GET /api/services` lists. */
                service: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "service-batch": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
                /** @description Which of the service's operations, where it has several. */
                operation?: string;
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path: {
                /** @description The service, one of those that `GET /api/services` lists. */
                service: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "service-batch-operation": {
        parameters: {
            query?: {
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` waits up to N seconds, 60 at most, and answers with the results if the job is over by then. */
                Prefer?: string;
            };
            path: {
                /** @description The service, one of those that `GET /api/services` lists. */
                service: string;
                /** @description One of the service's operations. */
                operation: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceRequest"];
            };
        };
        responses: {
            /** @description The job is over: the client waited with `Prefer: wait=N`, or the server runs in direct mode. `results` has its first results. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            /** @description The job is durable. `Location` names it, and `Retry-After` says when to look again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmitAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "service-schema": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The service's name. */
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceSchema"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "openai-list-files": {
        parameters: {
            query?: {
                /** @description Only files of this purpose. */
                purpose?: string;
                /** @description The most entries of the page. */
                limit?: number;
                /** @description The newest first, or the oldest. */
                order?: "asc" | "desc";
                /** @description The id of the last entry of the page before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiFiles"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-upload-file": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": string;
            };
        };
        responses: {
            /** @description The file is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiFile"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            413: components["responses"]["OpenAiProblem"];
            415: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-file": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiFile"];
                };
            };
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-delete-file": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiDeleted"];
                };
            };
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-file-content": {
        parameters: {
            query?: never;
            header?: {
                /** @description One range of bytes, such as `bytes=1000-`; of results once their batch is over. */
                Range?: string;
                /** @description The ETag of the first part: the answer is whole (200) when the bytes have changed since. */
                "If-Range"?: string;
                /** @description ETags that the client has: the answer is a 304 when the content is one of them. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The id of the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The range. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The client has this content already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            416: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-begin-upload": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenAiUploadRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiUpload"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            413: components["responses"]["OpenAiProblem"];
            415: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-add-upload-part": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id of the upload. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": string;
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiPart"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            409: components["responses"]["OpenAiProblem"];
            413: components["responses"]["OpenAiProblem"];
            415: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-complete-upload": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id of the upload. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenAiCompleteRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiUpload"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            409: components["responses"]["OpenAiProblem"];
            413: components["responses"]["OpenAiProblem"];
            415: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-cancel-upload": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id of the upload. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiUpload"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            409: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-list-batches": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description The id of the last entry of the page before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiBatches"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-create-batch": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenAiBatchRequest"];
            };
        };
        responses: {
            /** @description The batch is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiBatch"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            413: components["responses"]["OpenAiProblem"];
            415: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-batch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the batch. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiBatch"];
                };
            };
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-cancel-batch": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id of the batch. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiBatch"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            409: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-batch-output": {
        parameters: {
            query?: {
                /** @description True goes on with lines as they end, in that order, until the batch is over. */
                follow?: boolean;
            };
            header?: {
                /** @description One range of bytes, such as `bytes=1000-`; of results once their batch is over. */
                Range?: string;
                /** @description The ETag of the first part: the answer is whole (200) when the bytes have changed since. */
                "If-Range"?: string;
                /** @description ETags that the client has: the answer is a 304 when the content is one of them. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The id of the batch. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                };
            };
            /** @description The range. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                };
            };
            /** @description The client has this content already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            416: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-batch-errors": {
        parameters: {
            query?: {
                /** @description True goes on with lines as they end, in that order, until the batch is over. */
                follow?: boolean;
            };
            header?: {
                /** @description One range of bytes, such as `bytes=1000-`; of results once their batch is over. */
                Range?: string;
                /** @description The ETag of the first part: the answer is whole (200) when the bytes have changed since. */
                "If-Range"?: string;
                /** @description ETags that the client has: the answer is a 304 when the content is one of them. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The id of the batch. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                };
            };
            /** @description The range. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                };
            };
            /** @description The client has this content already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            416: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-retry-batch": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id of the batch. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["OpenAiRetryRequest"];
            };
        };
        responses: {
            /** @description The batch is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiBatch"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            409: components["responses"]["OpenAiProblem"];
            413: components["responses"]["OpenAiProblem"];
            415: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-list-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiModels"];
                };
            };
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-model": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the model. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiModel"];
                };
            };
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-chat-completions": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenAiCall"];
            };
        };
        responses: {
            /** @description The service's answer, with all it has. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiAnswer"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            409: components["responses"]["OpenAiProblem"];
            413: components["responses"]["OpenAiProblem"];
            415: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            502: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-completions": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenAiCall"];
            };
        };
        responses: {
            /** @description The service's answer, with all it has. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiAnswer"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            409: components["responses"]["OpenAiProblem"];
            413: components["responses"]["OpenAiProblem"];
            415: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            502: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-embeddings": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenAiCall"];
            };
        };
        responses: {
            /** @description The service's answer, with all it has. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiAnswer"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            409: components["responses"]["OpenAiProblem"];
            413: components["responses"]["OpenAiProblem"];
            415: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            502: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-moderations": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenAiCall"];
            };
        };
        responses: {
            /** @description The service's answer, with all it has. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiAnswer"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            409: components["responses"]["OpenAiProblem"];
            413: components["responses"]["OpenAiProblem"];
            415: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            502: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-responses": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenAiCall"];
            };
        };
        responses: {
            /** @description The service's answer, with all it has. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiAnswer"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            409: components["responses"]["OpenAiProblem"];
            413: components["responses"]["OpenAiProblem"];
            415: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            502: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "openai-audio-transcriptions": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": string;
            };
        };
        responses: {
            /** @description The service's answer, with all it has. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiTranscription"];
                };
            };
            400: components["responses"]["OpenAiProblem"];
            401: components["responses"]["OpenAiProblem"];
            403: components["responses"]["OpenAiProblem"];
            404: components["responses"]["OpenAiProblem"];
            409: components["responses"]["OpenAiProblem"];
            413: components["responses"]["OpenAiProblem"];
            415: components["responses"]["OpenAiProblem"];
            429: components["responses"]["OpenAiProblem"];
            502: components["responses"]["OpenAiProblem"];
            503: components["responses"]["OpenAiProblem"];
            default: components["responses"]["OpenAiProblem"];
        };
    };
    "anthropic-list-batches": {
        parameters: {
            query?: {
                /** @description The most entries of the page. */
                limit?: number;
                /** @description The id of the last entry of the page before. */
                after_id?: string;
                /** @description The id of the first entry of the page behind. */
                before_id?: string;
                /** @description The SDKs send it for their beta resources; it changes nothing. */
                beta?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnthropicBatches"];
                };
            };
            400: components["responses"]["AnthropicProblem"];
            401: components["responses"]["AnthropicProblem"];
            403: components["responses"]["AnthropicProblem"];
            429: components["responses"]["AnthropicProblem"];
            503: components["responses"]["AnthropicProblem"];
            default: components["responses"]["AnthropicProblem"];
        };
    };
    "anthropic-create-batch": {
        parameters: {
            query?: {
                /** @description The SDKs send it for their beta resources; it changes nothing. */
                beta?: boolean;
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
                /** @description `true` lets results be read while the batch runs. */
                "StashAI-Partial-Results"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnthropicBatchRequest"];
            };
        };
        responses: {
            /** @description The batch is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnthropicBatch"];
                };
            };
            400: components["responses"]["AnthropicProblem"];
            401: components["responses"]["AnthropicProblem"];
            403: components["responses"]["AnthropicProblem"];
            413: components["responses"]["AnthropicProblem"];
            415: components["responses"]["AnthropicProblem"];
            429: components["responses"]["AnthropicProblem"];
            503: components["responses"]["AnthropicProblem"];
            default: components["responses"]["AnthropicProblem"];
        };
    };
    "anthropic-batch": {
        parameters: {
            query?: {
                /** @description The SDKs send it for their beta resources; it changes nothing. */
                beta?: boolean;
            };
            header?: never;
            path: {
                /** @description The id of the batch. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnthropicBatch"];
                };
            };
            400: components["responses"]["AnthropicProblem"];
            401: components["responses"]["AnthropicProblem"];
            403: components["responses"]["AnthropicProblem"];
            404: components["responses"]["AnthropicProblem"];
            429: components["responses"]["AnthropicProblem"];
            503: components["responses"]["AnthropicProblem"];
            default: components["responses"]["AnthropicProblem"];
        };
    };
    "anthropic-delete-batch": {
        parameters: {
            query?: {
                /** @description The SDKs send it for their beta resources; it changes nothing. */
                beta?: boolean;
            };
            header?: never;
            path: {
                /** @description The id of the batch. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnthropicDeleted"];
                };
            };
            400: components["responses"]["AnthropicProblem"];
            401: components["responses"]["AnthropicProblem"];
            403: components["responses"]["AnthropicProblem"];
            404: components["responses"]["AnthropicProblem"];
            429: components["responses"]["AnthropicProblem"];
            503: components["responses"]["AnthropicProblem"];
            default: components["responses"]["AnthropicProblem"];
        };
    };
    "anthropic-cancel-batch": {
        parameters: {
            query?: {
                /** @description The SDKs send it for their beta resources; it changes nothing. */
                beta?: boolean;
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id of the batch. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnthropicBatch"];
                };
            };
            400: components["responses"]["AnthropicProblem"];
            401: components["responses"]["AnthropicProblem"];
            403: components["responses"]["AnthropicProblem"];
            404: components["responses"]["AnthropicProblem"];
            429: components["responses"]["AnthropicProblem"];
            503: components["responses"]["AnthropicProblem"];
            default: components["responses"]["AnthropicProblem"];
        };
    };
    "anthropic-batch-results": {
        parameters: {
            query?: {
                /** @description The SDKs send it for their beta resources; it changes nothing. */
                beta?: boolean;
            };
            header?: never;
            path: {
                /** @description The id of the batch. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-jsonl": string;
                };
            };
            400: components["responses"]["AnthropicProblem"];
            401: components["responses"]["AnthropicProblem"];
            403: components["responses"]["AnthropicProblem"];
            404: components["responses"]["AnthropicProblem"];
            429: components["responses"]["AnthropicProblem"];
            503: components["responses"]["AnthropicProblem"];
            default: components["responses"]["AnthropicProblem"];
        };
    };
    "anthropic-messages": {
        parameters: {
            query?: {
                /** @description The SDKs send it for their beta resources; it changes nothing. */
                beta?: boolean;
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnthropicCall"];
            };
        };
        responses: {
            /** @description The service's answer, with all it has. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnthropicAnswer"];
                };
            };
            400: components["responses"]["AnthropicProblem"];
            401: components["responses"]["AnthropicProblem"];
            403: components["responses"]["AnthropicProblem"];
            404: components["responses"]["AnthropicProblem"];
            409: components["responses"]["AnthropicProblem"];
            413: components["responses"]["AnthropicProblem"];
            415: components["responses"]["AnthropicProblem"];
            429: components["responses"]["AnthropicProblem"];
            502: components["responses"]["AnthropicProblem"];
            503: components["responses"]["AnthropicProblem"];
            default: components["responses"]["AnthropicProblem"];
        };
    };
    events: {
        parameters: {
            query?: {
                /** @description Jobs to follow; repeated, or separated by commas. */
                job_id?: string;
                /** @description Tasks to follow, likewise. */
                task_id?: string;
                /** @description `true` for the list of all jobs, or the filters of `GET /api/jobs` as a query string, percent-encoded: `state%3Dfailed%26tag%3Dholiday`. */
                jobs?: string;
                /** @description `true` for the services and how they are. */
                services?: boolean;
                /** @description `true` for the queue's statistics. */
                queue_stats?: boolean;
                /** @description `true` for the interactions of all sessions. */
                interactions?: boolean;
                /** @description A ticket, where the server asks for keys. */
                ticket?: string;
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The messages of the WebSocket: `event:` is the type, `data:` the message. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    dashboard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What the page shows. */
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    "dashboard-file": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its name. */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/openapi+json": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "health-live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Live"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    instructions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The messages of both sides, with examples. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instructions"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    socket: {
        parameters: {
            query?: {
                /** @description A ticket, where the server asks for keys. */
                ticket?: string;
                /** @description The words for states. The header `StashAI-Dialect` says the same. */
                dialect?: components["schemas"]["Dialect"];
            };
            header?: never;
            path: {
                /** @description A name of your choice: the socket hears of the interactions of that session. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The socket is open. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    demo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The address of the page, relative to this one. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
}
