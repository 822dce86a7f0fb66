namespace StashAI.Client.Http;

/// <summary>Every route that this client calls. A test compares them with the server's OpenAPI document.</summary>
internal static class Routes
{
    public static Route Jobs { get; } = new(
        HttpMethod.Get, "/api/jobs", true, "state", "paused", "service", "operation", "name", "user_id", "session_id", "tag", "owner",
        "error", "created_after", "created_before", "id", "sort", "limit", "cursor")
    { IsRecent = true };

    public static Route Job { get; } = new(HttpMethod.Get, "/api/jobs/{id}", true) { IsRecent = true };

    public static Route StartRematch { get; } = new(HttpMethod.Post, "/api/jobs/{id}/rematch", true) { IsRecent = true };

    public static Route Rematch { get; } = new(HttpMethod.Get, "/api/jobs/{id}/rematch", true) { IsRecent = true };

    public static Route StartClusters { get; } = new(HttpMethod.Post, "/api/jobs/{id}/clusters", true) { IsRecent = true };

    public static Route Clusters { get; } = new(HttpMethod.Get, "/api/jobs/{id}/clusters", true, "cursor", "limit") { IsRecent = true };

    public static Route ClusterFaces { get; } =
        new(HttpMethod.Get, "/api/jobs/{id}/clusters/{group}", true, "cursor") { IsRecent = true };

    public static Route NameCluster { get; } = new(HttpMethod.Post, "/api/jobs/{id}/clusters/{group}/name", true) { IsRecent = true };

    public static Route ChangeJob { get; } = new(HttpMethod.Patch, "/api/jobs/{id}", true) { IsRecent = true };

    public static Route DeleteJob { get; } = new(HttpMethod.Delete, "/api/jobs/{id}", true) { IsRecent = true };

    /// <summary>Not to be repeated: a second job would be made.</summary>
    public static Route Rerun { get; } = new(HttpMethod.Post, "/api/jobs/{id}/rerun", false) { IsRecent = true };

    public static Route TasksOfJob { get; } = new(
        HttpMethod.Get, "/api/jobs/{id}/tasks", true, "state", "fingerprint", "attempts_min", "text", "limit", "cursor")
    { IsRecent = true };

    public static Route Failures { get; } = new(HttpMethod.Get, "/api/jobs/{id}/failures", true) { IsRecent = true };

    public static Route RetryFailures { get; } =
        new(HttpMethod.Post, "/api/jobs/{id}/failures/{fingerprint}/retry", false) { IsRecent = true };

    public static Route SkipFailures { get; } =
        new(HttpMethod.Post, "/api/jobs/{id}/failures/{fingerprint}/skip", false) { IsRecent = true };

    public static Route Results { get; } =
        new(HttpMethod.Get, "/api/jobs/{id}/results", true, "format", "state", "order", "follow", "from") { IsRecent = true };

    public static Route Tasks { get; } =
        new(HttpMethod.Get, "/api/tasks", true, "state", "service", "fingerprint", "attempts_min", "limit", "cursor") { IsRecent = true };

    public static Route Task { get; } = new(HttpMethod.Get, "/api/tasks/{id}", true, "inputs") { IsRecent = true };

    /// <summary>Finds a task by its place in the job.</summary>
    public static Route Item { get; } = new(HttpMethod.Get, "/api/queue/job/{id}", true, "limit", "offset", "inputs");

    public static Route Cancel { get; } = new(HttpMethod.Post, "/api/queue/cancel/{id}", true);

    /// <summary>Not to be repeated: what failed again meanwhile would be retried twice.</summary>
    public static Route Retry { get; } = new(HttpMethod.Post, "/api/queue/retry/{id}", false);

    public static Route PauseJob { get; } = new(HttpMethod.Post, "/api/queue/jobs/{id}/pause", true);

    public static Route ResumeJob { get; } = new(HttpMethod.Post, "/api/queue/jobs/{id}/resume", true);

    public static Route PauseService { get; } = new(HttpMethod.Post, "/api/services/{name}/pause", true);

    public static Route ResumeService { get; } = new(HttpMethod.Post, "/api/services/{name}/resume", true);

    public static Route PauseQueue { get; } = new(HttpMethod.Post, "/api/queue/pause", true);

    public static Route ResumeQueue { get; } = new(HttpMethod.Post, "/api/queue/resume", true);

    public static Route Services { get; } = new(HttpMethod.Get, "/api/services", true);

    public static Route Service { get; } = new(HttpMethod.Get, "/api/services/{name}", true);

    public static Route Schema { get; } = new(HttpMethod.Get, "/api/services/{service}/schema", true);

    public static Route Submit { get; } = new(HttpMethod.Post, "/api/{service}/batch", true);

    public static Route SubmitOperation { get; } = new(HttpMethod.Post, "/api/{service}/batch/{operation}", true);

    /// <summary>Repeated by its idempotency key.</summary>
    public static Route StartUpload { get; } = new(HttpMethod.Post, "/api/uploads", true) { IsRecent = true };

    public static Route AppendUpload { get; } = new(HttpMethod.Patch, "/api/uploads/{id}", true) { IsRecent = true };

    public static Route CommitUpload { get; } = new(HttpMethod.Post, "/api/uploads/{id}/commit", true) { IsRecent = true };

    public static Route DeleteUpload { get; } = new(HttpMethod.Delete, "/api/uploads/{id}", true) { IsRecent = true };

    public static Route Events { get; } = new(HttpMethod.Get, "/api/events", true, "job_id", "jobs", "services");

    public static Route Socket { get; } = new(HttpMethod.Get, "/ws/{session_id}", true);

    public static Route Health { get; } = new(HttpMethod.Get, "/health", true);

    public static Route Server { get; } = new(HttpMethod.Get, "/api/server", true) { IsRecent = true };

    /// <summary>Not to be repeated: the operation would be done twice.</summary>
    public static Route StartBulk { get; } = new(HttpMethod.Post, "/api/bulk", false) { IsRecent = true };

    public static Route BulkList { get; } = new(HttpMethod.Get, "/api/bulk", true, "cursor") { IsRecent = true };

    public static Route Bulk { get; } = new(HttpMethod.Get, "/api/bulk/{id}", true) { IsRecent = true };

    public static Route StopBulk { get; } = new(HttpMethod.Post, "/api/bulk/{id}/stop", true) { IsRecent = true };

    public static Route Audit { get; } = new(HttpMethod.Get, "/api/audit", true, "cursor") { IsRecent = true };

    public static Route ChangeService { get; } = new(HttpMethod.Patch, "/api/services/{name}", true) { IsRecent = true };

    public static Route Timeline { get; } = new(HttpMethod.Get, "/api/jobs/{id}/timeline", true) { IsRecent = true };

    public static Route TaskCurl { get; } = new(HttpMethod.Get, "/api/tasks/{id}/curl", true) { IsRecent = true };

    public static Route Costs { get; } = new(HttpMethod.Get, "/api/costs", true, "from", "to", "key", "service") { IsRecent = true };

    public static Route Quote { get; } = new(HttpMethod.Post, "/api/quote", true) { IsRecent = true };

    /// <summary>Not to be repeated: each makes a call.</summary>
    public static Route TestService { get; } =
        new(HttpMethod.Post, "/api/services/{name}/test", false, "operation") { IsRecent = true };

    /// <inheritdoc cref="TestService"/>
    public static Route ImportService { get; } =
        new(HttpMethod.Post, "/api/services/import", false, "save", "replace", "call") { IsRecent = true };

    public static Route Me { get; } = new(HttpMethod.Get, "/api/me", true) { IsRecent = true };

    public static Route Nodes { get; } = new(HttpMethod.Get, "/api/nodes", true, "cursor") { IsRecent = true };

    public static Route Keys { get; } = new(HttpMethod.Get, "/api/keys", true, "cursor") { IsRecent = true };

    /// <summary>Not to be repeated: the first key would be made without anybody who knows it.</summary>
    public static Route CreateKey { get; } = new(HttpMethod.Post, "/api/keys", false) { IsRecent = true };

    /// <summary>Not to be repeated: the second answer would be that there is no such key.</summary>
    public static Route RevokeKey { get; } = new(HttpMethod.Delete, "/api/keys/{id}", false) { IsRecent = true };

    public static Route Schedules { get; } = new(HttpMethod.Get, "/api/schedules", true, "cursor") { IsRecent = true };

    /// <summary>Not to be repeated: the name would be taken.</summary>
    public static Route CreateSchedule { get; } = new(HttpMethod.Post, "/api/schedules", false) { IsRecent = true };

    public static Route Schedule { get; } = new(HttpMethod.Get, "/api/schedules/{id}", true) { IsRecent = true };

    public static Route ChangeSchedule { get; } = new(HttpMethod.Patch, "/api/schedules/{id}", true) { IsRecent = true };

    /// <summary>Not to be repeated: it would not be found.</summary>
    public static Route DeleteSchedule { get; } = new(HttpMethod.Delete, "/api/schedules/{id}", false) { IsRecent = true };

    /// <summary>Not to be repeated: it would run twice.</summary>
    public static Route RunSchedule { get; } = new(HttpMethod.Post, "/api/schedules/{id}/run", false) { IsRecent = true };

    public static Route ScheduleRuns { get; } = new(HttpMethod.Get, "/api/schedules/{id}/runs", true, "cursor") { IsRecent = true };

    public static Route Webhooks { get; } = new(HttpMethod.Get, "/api/webhooks", true, "cursor") { IsRecent = true };

    /// <summary>Not to be repeated: the name would be taken.</summary>
    public static Route CreateWebhook { get; } = new(HttpMethod.Post, "/api/webhooks", false) { IsRecent = true };

    public static Route Webhook { get; } = new(HttpMethod.Get, "/api/webhooks/{id}", true) { IsRecent = true };

    public static Route ChangeWebhook { get; } = new(HttpMethod.Patch, "/api/webhooks/{id}", true) { IsRecent = true };

    /// <summary>Not to be repeated: it would not be found.</summary>
    public static Route DeleteWebhook { get; } = new(HttpMethod.Delete, "/api/webhooks/{id}", false) { IsRecent = true };

    /// <summary>Not to be repeated: the first secret would be lost.</summary>
    public static Route RotateWebhook { get; } = new(HttpMethod.Post, "/api/webhooks/{id}/rotate", false) { IsRecent = true };

    /// <summary>Not to be repeated: it would be sent twice.</summary>
    public static Route TestWebhook { get; } = new(HttpMethod.Post, "/api/webhooks/{id}/test", false) { IsRecent = true };

    public static Route WebhookDeliveries { get; } =
        new(HttpMethod.Get, "/api/webhooks/{id}/deliveries", true, "cursor") { IsRecent = true };

    /// <summary>Not to be repeated: it would be sent twice.</summary>
    public static Route ReplayDelivery { get; } =
        new(HttpMethod.Post, "/api/webhooks/{id}/deliveries/{delivery}/replay", false) { IsRecent = true };

    public static Route People { get; } =
        new(HttpMethod.Get, "/api/people", true, "name", "sort", "in_job", "cursor") { IsRecent = true };

    public static Route PhotosOfPerson { get; } =
        new(HttpMethod.Get, "/api/people/{id}/photos", true, "job", "min_confidence", "cursor") { IsRecent = true };

    public static Route Together { get; } = new(HttpMethod.Get, "/api/people/{id}/together", true, "job", "cursor") { IsRecent = true };

    /// <summary>Not to be repeated: the name would be taken.</summary>
    public static Route AddPerson { get; } = new(HttpMethod.Post, "/api/people", false) { IsRecent = true };

    public static Route Person { get; } = new(HttpMethod.Get, "/api/people/{id}", true) { IsRecent = true };

    public static Route ChangePerson { get; } = new(HttpMethod.Patch, "/api/people/{id}", true) { IsRecent = true };

    public static Route DeletePerson { get; } = new(HttpMethod.Delete, "/api/people/{id}", true) { IsRecent = true };

    public static Route Erasures { get; } = new(HttpMethod.Get, "/api/people/erasures", true, "cursor") { IsRecent = true };

    public static Route Erasure { get; } = new(HttpMethod.Get, "/api/people/erasures/{id}", true) { IsRecent = true };

    public static Route AddPhotos { get; } = new(HttpMethod.Post, "/api/people/{id}/photos", true) { IsRecent = true };

    /// <summary>Not to be repeated: nobody would be found.</summary>
    public static Route MergePeople { get; } = new(HttpMethod.Post, "/api/people/{id}/merge", false) { IsRecent = true };

    public static Route PersonFaces { get; } = new(HttpMethod.Get, "/api/people/{id}/faces", true) { IsRecent = true };

    /// <inheritdoc cref="MergePeople"/>
    public static Route DeletePersonFace { get; } =
        new(HttpMethod.Delete, "/api/people/{id}/faces/{face}", false) { IsRecent = true };

    public static Route RejectFaces { get; } = new(HttpMethod.Post, "/api/people/{id}/rejections", true) { IsRecent = true };

    public static Route Rejections { get; } = new(HttpMethod.Get, "/api/people/{id}/rejections", true, "cursor") { IsRecent = true };

    /// <inheritdoc cref="DeletePerson"/>
    public static Route DeleteRejection { get; } =
        new(HttpMethod.Delete, "/api/people/{id}/rejections/{rejection}", false) { IsRecent = true };

    public static Route ExportPeople { get; } = new(HttpMethod.Get, "/api/people/export", true) { IsRecent = true };

    /// <summary>Not to be repeated: the file is read once.</summary>
    public static Route ImportPeople { get; } = new(HttpMethod.Post, "/api/people/import", false) { IsRecent = true };

    /// <summary>Lists the routes of the server.</summary>
    public static Route Root { get; } = new(HttpMethod.Get, "/", true);

    public static IReadOnlyList<Route> All { get; } =
    [
        Jobs, Job, ChangeJob, DeleteJob, TasksOfJob, Failures, RetryFailures, SkipFailures, Results, Tasks, Task, Item,
        Cancel, Retry, PauseJob, ResumeJob, PauseService, ResumeService, PauseQueue, ResumeQueue,
        Services, Service, Schema, Submit, SubmitOperation, Events, Socket, Health, Server, Root, StartBulk,
        Timeline, TaskCurl, Costs, Quote, TestService, ImportService,
        Me, Nodes, Keys, CreateKey, RevokeKey,
        Schedules, CreateSchedule, Schedule, ChangeSchedule, DeleteSchedule, RunSchedule, ScheduleRuns,
        Webhooks, CreateWebhook, Webhook, ChangeWebhook, DeleteWebhook, RotateWebhook, TestWebhook, WebhookDeliveries, ReplayDelivery,
        People, AddPerson, Person, ChangePerson, DeletePerson, AddPhotos, MergePeople, PersonFaces, DeletePersonFace, ExportPeople,
        ImportPeople, RejectFaces, Rejections, DeleteRejection, PhotosOfPerson, Together, Erasures, Erasure,
        BulkList, Bulk, StopBulk, ChangeService, Rerun, StartRematch, Rematch, Audit,
        StartClusters, Clusters, ClusterFaces, NameCluster,
        StartUpload, AppendUpload, CommitUpload, DeleteUpload,
    ];
}
