namespace StashAI.Gateway.Pages.Dashboard;

/// <summary>
/// Answers what the dashboard's lists ask for once to nobody, when the first browser asks for a page: the code is compiled, and what the
/// database needs is read, while the page's scripts load. A server that no browser visits does not pay for it.
/// </summary>
internal sealed partial class FirstAnswers(EndpointDataSource endpoints, IServiceScopeFactory scopes, ILogger<FirstAnswers> logger)
    : IHostedService, IDisposable
{
    /// <summary>The lists of jobs and tasks, whose first answers take longest.</summary>
    private static readonly string[] Routes = ["/api/jobs", "/api/tasks"];

    private readonly CancellationTokenSource stopping = new();
    private int isAsked;

    /// <summary>Completes with the number of answers that were prepared; with none before a page was asked for.</summary>
    public Task<int> Prepared { get; private set; } = Task.FromResult(0);

    /// <summary>Begins to prepare the answers, the first time that it is called.</summary>
    public void Prepare()
    {
        if (Interlocked.Exchange(ref isAsked, 1) == 0) Prepared = Task.Run(() => PrepareAsync(stopping.Token));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await Prepared.WaitAsync(cancellationToken);
    }

    public void Dispose() => stopping.Dispose();

    private async Task<int> PrepareAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>().Where(IsWanted))
        {
            try
            {
                await AnswerAsync(endpoint, cancellationToken);
                count++;
            }
            catch (Exception exception)
            {
                // Who asks for it is told.
                NotPrepared(logger, endpoint.RoutePattern.RawText, exception.Message);
            }
        }

        return count;
    }

    private static bool IsWanted(RouteEndpoint endpoint) =>
        Routes.Contains(endpoint.RoutePattern.RawText)
        && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true;

    /// <summary>The route itself, without the checks before it: no caller is needed, because nobody reads the answer.</summary>
    private async Task AnswerAsync(RouteEndpoint endpoint, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = cancellationToken };
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = endpoint.RoutePattern.RawText;
        await endpoint.RequestDelegate!(context);
    }

    [LoggerMessage(LogLevel.Debug, "The first answer of {Route} could not be prepared: {Reason}")]
    private static partial void NotPrepared(ILogger logger, string? route, string reason);
}
