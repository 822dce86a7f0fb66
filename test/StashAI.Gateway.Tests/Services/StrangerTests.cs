using System.Net;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Reading;
using StashAI.Gateway.Tests.Routes;
using StashAI.Sdk;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>What the environment gives to a service goes to the service's own address and to no other.</summary>
public sealed class StrangerTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public StrangerTests() => File.WriteAllText(folder.File("secret"), SecretPlaces.Secret + "\n");

    public static MatrixTheoryData<string, bool> Places { get; } = new(SecretPlaces.All.Keys, [false, true]);

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_secret_stays_at_the_services_own_address(string place, bool isPacked)
    {
        var adapter = Create(
            SecretPlaces.Yaml(place, isPacked, "https://ai.example/v1", folder.File("secret"), "credentials_for: [\"ai-2.example:8443\"]"));

        foreach (var own in (string[])["https://ai.example/v1", "https://AI.example:443/v2", "https://ai-2.example:8443/"])
        {
            var (outcomes, calls) = await CallAsync(adapter, own, isPacked);
            Assert.All(outcomes, outcome => Assert.IsType<TaskOutcome.Completed>(outcome));
            Assert.All(calls, call => Assert.True(SecretPlaces.Shows(Uri.UnescapeDataString(call)), call));
            Assert.Equal(isPacked ? 1 : 2, calls.Count);
        }

        foreach (var stranger in (string[])
            ["http://ai.example/v1", "https://ai.example:444/v1", "https://other.example/v1", "https://ai.example.evil.example/",
                "https://ai.example./v1", "http://ai-2.example:8443/", "https://ai-2.example/"])
        {
            var (outcomes, calls) = await CallAsync(adapter, stranger, isPacked);
            Assert.DoesNotContain(calls, call => SecretPlaces.Shows(Uri.UnescapeDataString(call)));
            var canGoWithout = SecretPlaces.All[place].CanGoWithout;
            Assert.Equal(canGoWithout, adapter.ReasonToRefuse(adapter.Declaration.Operations[0], new Uri(stranger)) is null);
            Assert.Equal(canGoWithout ? (isPacked ? 1 : 2) : 0, calls.Count);
            if (canGoWithout) continue;
            Assert.All(
                outcomes,
                outcome => Assert.Contains(
                    "credentials_for", Assert.IsType<TaskOutcome.Failed>(outcome).Message, StringComparison.Ordinal));
            Assert.All(outcomes, outcome => Assert.Equal(ErrorKind.OutboundRefused, ((TaskOutcome.Failed)outcome).Kind));
        }
    }

    [Fact]
    public void A_header_that_cannot_be_sent_is_refused_before_it_looks_like_a_service_that_is_down()
    {
        var declaration = DeclarationReader.Read(
            "name: echo\nurl: http://ai.example\nheaders: {X-Key: \"${KEY}\"}\n"
            + "operations: {go: {item: any, request: {path: /x}}}\n").Declaration;
        var (adapter, reason) = DeclaredAdapter.Create(declaration!, _ => "s\u00e9cret-12345");
        Assert.Null(adapter);
        Assert.Contains("X-Key", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("cret-12345", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://ai.example/bot71234:AAtok/v1", "AAtok")]
    [InlineData("https://ai.example/v1/T0k3n-of-a-hook?sig=query-secret", "T0k3n")]
    [InlineData("https://ai.example/v1?sig=query-secret", "query-secret")]
    public void Tokens_in_an_address_from_the_environment_are_hidden_and_the_rest_of_it_is_not(string url, string token)
    {
        var declaration = DeclarationReader.Read(
            "name: echo\nurl: ${ECHO_URL}\noperations: {go: {item: any, request: {path: /completions}}}\n").Declaration;
        var shown = DeclaredAdapter.Create(declaration!, _ => url).Adapter!.Mask.Hide($"nothing at {url}/completions");
        Assert.DoesNotContain(token, shown, StringComparison.Ordinal);
        Assert.StartsWith("nothing at https://ai.example/", shown, StringComparison.Ordinal);
        Assert.Contains("v1", shown, StringComparison.Ordinal);
        Assert.EndsWith("/completions", shown, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task No_message_of_a_call_shows_a_secret(string place, bool isPacked)
    {
        var adapter = Create(SecretPlaces.Yaml(place, isPacked, "https://ai.example/v1", folder.File("secret")));
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes("x" + SecretPlaces.Secret));

        foreach (var echo in (Func<string, HttpResponseMessage>[])
        [
            call => new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent("what is " + call) },
            call => new HttpResponseMessage(HttpStatusCode.BadRequest)
            {
                Content = new StringContent("what is " + Uri.UnescapeDataString(call) + encoded),
            },
            call => new HttpResponseMessage(HttpStatusCode.InternalServerError)
            {
                Content = new StringContent(JsonSerializer.Serialize(new Dictionary<string, string> { ["error"] = call })),
            },
            call => new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = new StringContent(call) },
            call => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("no JSON: " + call) },
            call => throw new HttpRequestException(call),
            call => throw new OutboundRefusedException("cannot reach " + call),
            call => throw new OutboundRefusedException(
                "redirects to " + new Uri("http://other.example/" + call.Replace('\n', '/')).AbsoluteUri),
            call => throw new InvalidOperationException(call),
        ])
        {
            var (outcomes, _) = await CallAsync(adapter, "https://ai.example/v1", isPacked, echo);
            foreach (var outcome in outcomes)
            {
                var message = outcome switch
                {
                    TaskOutcome.Retry retry => retry.Message,
                    TaskOutcome.Throttled throttled => throttled.Message,
                    TaskOutcome.Failed failed => failed.Message,
                    _ => "",
                };
                Assert.NotEqual("", message);
                Assert.False(SecretPlaces.Shows(message + outcome.Call.AnswerHead), message + outcome.Call.AnswerHead);
            }
        }
    }

    [Theory]
    [InlineData("/api/echo/task", """{"item":"hi","api_url":"URL"}""", "api_url")]
    [InlineData("/api/echo/job", """{"items":["hi","ho"],"api_url":"URL"}""", "api_url")]
    [InlineData("/api/echo/batch", """{"items":["hi"],"echo_api_url":"URL"}""", "echo_api_url")]
    [InlineData("/api/echo/batch/go", """{"items":["hi"],"config":{"api_url":"URL"}}""", "config.api_url")]
    [InlineData("/api/echo/batch/go", """{"items":["hi"],"config":{"echo_api_url":"URL"}}""", "config.echo_api_url")]
    [InlineData("/api/batch", """{"type":"echo.go","items":["hi"],"api_url":"URL"}""", "api_url")]
    public async Task No_route_and_no_mode_takes_a_secret_to_a_stranger(string route, string body, string field)
    {
        foreach (var (direct, place) in ((string[])["false", "true"])
            .SelectMany(direct => ((string[])["header", "query", "json"]).Select(place => (direct, place))))
        {
            await using var stranger = await ScriptedService.StartAsync(Cancellation);
            stranger.Script = _ => Reply.Json("{}");
            await using var host = await ServiceHost.StartAsync(
                SecretPlaces.Yaml(place, true, "${ECHO_URL}", folder.File("secret")),
                new() { ["TRUST_LAN"] = "true", ["SECRET"] = SecretPlaces.Secret, ["DIRECT_MODE"] = direct });
            host.Service.Script = _ => Reply.Json("{}");
            var request = body.Replace("URL", stranger.Url, StringComparison.Ordinal);

            if (place == "json")
            {
                var problem = await host.Gateway.PostAsync(route, request, 422);
                Assert.Equal(field, problem.GetProperty("errors")[0].Text("field"));
                Assert.Contains("credentials_for", problem.Text("detail"), StringComparison.Ordinal);
                Assert.Equal(0, stranger.Ledger.Count);
            }
            else
            {
                var answer = await host.Gateway.PostAsync(route, request, direct == "true" ? 200 : 202);
                Assert.Equal("completed", (await host.Gateway.EndOfAsync(answer.Text("job_id"))).Text("status"));
                Assert.All(
                    stranger.Ledger.Calls,
                    entry => Assert.False(
                        SecretPlaces.Shows(Uri.UnescapeDataString(entry.Call!.Path + entry.Call.Header("X-Key") + entry.Call.Text))));
                Assert.NotEqual(0, stranger.Ledger.Count);
            }

            Assert.Equal(0, host.Service.Ledger.Count);
        }
    }

    [Fact]
    public void A_health_path_with_a_secret_is_asked_at_the_services_own_address_alone_and_stored_without_it()
    {
        var adapter = Create(
            SecretPlaces.Yaml("header", false, "https://ai.example/v1", folder.File("secret"), "health: \"/health?key=${SECRET}\""));
        Uri At(string origin) => new(new Uri(origin), adapter.Manifest.HealthPath);

        Assert.Equal("/health?key=${SECRET}", adapter.Manifest.HealthPath);
        Assert.Contains("tok-12345678", adapter.FillIn(At("https://ai.example"))!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Null(adapter.FillIn(At("http://ai.example")));
        Assert.Null(adapter.FillIn(At("https://other.example")));
    }

    [Fact]
    public void The_query_of_a_services_address_goes_with_its_health_path_to_that_address_alone()
    {
        var plain = Create(
            "name: a\nurl: https://ai.example/v1?code=7\nhealth: /health\noperations:\n  go: {item: string, request: {path: /x}}");
        var secret = Create(
            SecretPlaces.Yaml("header", false, "https://ai.example/v1?code=7", folder.File("secret"), "health: \"/health?key=${SECRET}\""));

        Assert.Equal("https://ai.example/health?code=7", plain.FillIn(new Uri("https://ai.example/health"))!.AbsoluteUri);
        Assert.Equal("https://other.example/health", plain.FillIn(new Uri("https://other.example/health"))!.AbsoluteUri);
        Assert.EndsWith(
            "&code=7",
            secret.FillIn(new Uri(new Uri("https://ai.example"), secret.Manifest.HealthPath))!.AbsoluteUri,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_that_is_not_there_is_named_wherever_it_stands()
    {
        foreach (var place in SecretPlaces.All.Keys.Where(place => place != "literal header"))
        {
            var declaration = DeclarationReader.Read(SecretPlaces.Yaml(place, false, "http://x", folder.File("gone"))).Declaration!;
            var (adapter, reason) = DeclaredAdapter.Create(declaration, _ => null);
            Assert.Null(adapter);
            Assert.Contains(place.Contains("file", StringComparison.Ordinal) ? "gone" : "SECRET", reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{{ \"${SECRET}\" }}", "cannot be used inside")]
    [InlineData("${SECRET", "not valid")]
    [InlineData("${A B}", "not valid")]
    public void A_reference_that_cannot_be_is_an_error_with_its_place(string text, string reason)
    {
        var error = Assert.Single(DeclarationReader.Read(
            $"name: a\nurl: http://x\noperations:\n  go: {{item: string, request: {{path: /x, raw: '{text}'}}}}").Errors);
        Assert.Equal(4, error.Line);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_the_environment_is_never_read_as_a_template_and_two_dollars_are_one()
    {
        var declaration = DeclarationReader.Read(
            "name: a\nurl: http://x\noperations:\n  go: {item: string, request: {path: /x, raw: "
            + "'$${SECRET} ${SECRET} {{ item }}'}}").Declaration!;
        var adapter = DeclaredAdapter.Create(declaration, _ => "{{ item }}{% if %}").Adapter!;

        var (_, calls) = await CallAsync(adapter, "http://x", false);

        Assert.Contains(calls, call => call.EndsWith("${SECRET} {{ item }}{% if %} one", StringComparison.Ordinal));
    }

    private static DeclaredAdapter Create(string yaml)
    {
        var read = DeclarationReader.Read(yaml);
        Assert.True(read.Declaration is not null, string.Join('\n', read.Errors));
        var (adapter, reason) = DeclaredAdapter.Create(read.Declaration!, SecretPlaces.Environment);
        Assert.True(adapter is not null, reason);
        return adapter!;
    }

    /// <summary>Runs two tasks, in one call where they are packed, and returns what went out.</summary>
    private static async Task<(TaskOutcome[] Outcomes, List<string> Calls)> CallAsync(
        DeclaredAdapter adapter, string instance, bool isPacked, Func<string, HttpResponseMessage>? answer = null)
    {
        using var handler = new RecordingHandler(
            answer ?? (_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(isPacked ? "[1,2]" : "{}") }));
        using var http = new HttpClient(handler);
        var pack = isPacked ? new TaskPack() : null;
        var tasks = ((string[])["one", "two"]).Select((item, index) => adapter.ExecuteAsync(
            new TaskContext
            {
                TaskId = Guid.NewGuid(),
                JobId = Guid.NewGuid(),
                Ordinal = index,
                Attempt = 1,
                TaskType = adapter.Declaration.Operations[0].Operation.TaskType,
                Upstream = new Uri(instance),
                Input = JsonSerializer.SerializeToUtf8Bytes(item),
                Config = default,
                Payloads = [],
                Pack = pack,
                Http = http,
            },
            Cancellation)).ToList();
        pack?.Close();
        return (await Task.WhenAll(tasks), handler.Calls);
    }

    private sealed class RecordingHandler(Func<string, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<string> Calls { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var text = $"{request.RequestUri!.AbsoluteUri} {request.Headers} {body}";
            lock (Calls) Calls.Add(text);
            return answer(text);
        }
    }
}
