using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client;

public sealed partial class StashClient
{
    /// <summary>
    /// What a job would take: <c>seconds_p50</c> and <c>seconds_p90</c> until its end, <c>tasks_ahead</c>, <c>cost</c> and
    /// <c>energy_wh</c>. A figure that nobody has measured or declared is null, with the reason in <c>time_unknown</c>,
    /// <c>cost_unknown</c> or <c>energy_unknown</c>.
    /// </summary>
    /// <param name="service">The name of the service.</param>
    /// <param name="operation">The operation; null for the usual one.</param>
    /// <param name="count">The number of items, from 1.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such service.</exception>
    public Task<JsonElement> QuoteAsync(
        string service, string? operation, int count, CancellationToken cancellationToken = default)
    {
        var body = new JsonObject { ["service"] = service, ["count"] = count };
        if (operation is not null) body["operation"] = operation;
        return SendAsync(
            Routes.Quote, [], body, StashJsonContext.Default.JsonObject, StashJsonContext.Default.JsonElement, cancellationToken);
    }

    /// <summary>
    /// What calls cost, the latest day first: <c>data</c> with <c>day</c>, <c>key</c>, <c>service</c>, <c>tasks</c> and <c>cost</c>, and
    /// the sums <c>tasks</c> and <c>cost</c>. Days are those of UTC; costs are exact, in the currency that the service's declaration uses.
    /// </summary>
    /// <param name="from">The first day; null for 29 days before the last.</param>
    /// <param name="to">The last day; null for today.</param>
    /// <param name="key">Only what this key has submitted, by its name; null for all.</param>
    /// <param name="service">Only this service; null for all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<JsonElement> CostsAsync(
        DateOnly? from, DateOnly? to, string? key = null, string? service = null, CancellationToken cancellationToken = default) =>
        api.ReadAsync(
            Routes.Costs,
            Routes.Costs.Fill(
                [], ("from", from?.ToString("O", CultureInfo.InvariantCulture)), ("to", to?.ToString("O", CultureInfo.InvariantCulture)),
                ("key", key), ("service", service)),
            StashJsonContext.Default.JsonElement, cancellationToken);

    /// <summary>
    /// What runs on the server: its versions, <c>disk</c>, <c>database</c>, and in <c>backup</c> the <c>state</c> of its backups with the
    /// <c>last</c> one and the last <c>failure</c>. Sizes are in bytes; parts that the server does not know yet are null.
    /// </summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<JsonElement> ServerAsync(CancellationToken cancellationToken = default) =>
        api.ReadAsync(Routes.Server, Routes.Server.Fill([]), StashJsonContext.Default.JsonElement, cancellationToken);

    /// <summary>
    /// What happened to a job over time: <c>events</c>, and in <c>steps</c> how many tasks completed and failed in
    /// <c>step_seconds</c> each.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public Task<JsonElement> TimelineAsync(Guid jobId, CancellationToken cancellationToken = default) => api.ReadAsync(
        Routes.Timeline, Routes.Timeline.Fill([jobId.ToString()]), StashJsonContext.Default.JsonElement, cancellationToken);

    /// <summary>The call of a task as a curl command for a POSIX shell; secrets are variables.</summary>
    /// <param name="taskId">The id of the task.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such task.</exception>
    /// <exception cref="StashConflictException">There is no command for it; the message says why.</exception>
    public async Task<string> TaskCurlAsync(Guid taskId, CancellationToken cancellationToken = default)
    {
        var answer = await api.ReadAsync(
            Routes.TaskCurl, Routes.TaskCurl.Fill([taskId.ToString()]), StashJsonContext.Default.JsonElement, cancellationToken)
            .ConfigureAwait(false);
        return answer.GetProperty("command").GetString() ?? "";
    }

    /// <summary>
    /// Makes one call to a service now, past the queue. The answer has <c>ok</c>, <c>duration_ms</c>, <c>request</c>, <c>answer</c>,
    /// <c>result</c> and <c>error</c>, without secrets.
    /// </summary>
    /// <param name="name">The name of the service.</param>
    /// <param name="operation">The operation; null for the first.</param>
    /// <param name="body">The body of a submit with one item, such as <c>{"items":["text"],"config":{}}</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such service.</exception>
    /// <exception cref="StashConflictException">The service is paused, or outside its allowed hours.</exception>
    /// <exception cref="StashInvalidRequestException">The item is not valid; the errors name the field.</exception>
    public Task<JsonElement> TestServiceAsync(
        string name, string? operation, JsonObject body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return api.ReadAsync(
            Routes.TestService, Routes.TestService.Fill([name], ("operation", operation)),
            () => JsonBody(JsonSerializer.SerializeToUtf8Bytes(body, StashJsonContext.Default.JsonObject)),
            StashJsonContext.Default.JsonElement, [], cancellationToken);
    }

    /// <summary>
    /// Turns a curl command into a declaration. The answer has <c>name</c>, <c>declaration</c> (YAML), <c>variables</c> to set where the
    /// server runs, <c>saved</c> and <c>trial</c>.
    /// </summary>
    /// <param name="curl">The command line.</param>
    /// <param name="name">The name of the service; null to derive it from the address.</param>
    /// <param name="item">The field that holds the item; null to guess it.</param>
    /// <param name="save">True to save it on the server; needs the scope admin.</param>
    /// <param name="replace">True to replace a service of the same name.</param>
    /// <param name="call">True to make the call of the command once.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashInvalidRequestException">No declaration can send what the command sends; the message says why.</exception>
    /// <exception cref="StashConflictException">There is a service of this name.</exception>
    public Task<JsonElement> ImportServiceAsync(
        string curl, string? name, string? item, bool save, bool replace, bool call, CancellationToken cancellationToken = default)
    {
        var body = new JsonObject { ["curl"] = curl };
        if (name is not null) body["name"] = name;
        if (item is not null) body["item"] = item;
        return api.ReadAsync(
            Routes.ImportService,
            Routes.ImportService.Fill([], ("save", Word(save)), ("replace", Word(replace)), ("call", Word(call))),
            () => JsonBody(JsonSerializer.SerializeToUtf8Bytes(body, StashJsonContext.Default.JsonObject)),
            StashJsonContext.Default.JsonElement, [], cancellationToken);

        static string? Word(bool flag) => flag ? "true" : null;
    }
}
