using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Live;
using StashAI.Gateway.Tests.Routes.Gallery;
using StashAI.Gateway.Tests.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>
/// What a route does not use it refuses: unknown parameters of the query, and values that are not valid. The routes, and what each
/// documents, come from the server itself.
/// </summary>
public sealed partial class ParameterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handlers_read_the_parameters_that_they_document_and_no_others()
    {
        var reads = new QueryReads();
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("Ann"));
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["ALLOWED_FOLDERS"] = folder.Path }, configure: builder => builder.Services.AddSingleton<IStartupFilter>(reads));
        var ids = await IdsAsync(gateway);
        gateway.Visage.Script = call => call.Path.StartsWith("/api/gallery", StringComparison.Ordinal)
            ? ScriptedGallery.Answer(call, gateway.Visage.Url)
            : Reply.Json("{}");

        using (await LiveClient.ConnectAsync(gateway))
        {
            // A socket reads its query when it is opened.
        }

        // A delete takes away what the others look at, and with the first key everybody needs one.
        foreach (var route in Routes(gateway).OrderBy(route => route.Name == "POST /api/keys").ThenBy(route => route.Method == "DELETE"))
        {
            var own = route.Path == "/api/people/import/folder" ? JsonSerializer.Serialize(new { folder = folder.Path }) : null;
            using var response = await AskAsync(gateway, route, ids, "", own: own);
            // No faces are stored of the job, and the service is built in.
            var mayRefuse = route.Name is "POST /api/jobs/{id}/rematch" or "POST /api/jobs/{id}/clusters"
                or "PATCH /api/services/{name}/declaration" or "DELETE /api/services/{name}";
            // No service is declared that speaks OpenAI's routes.
            var isCall = route.Doc.IsOfDialect && route.Method == "POST";
            Assert.True(
                (int)response.StatusCode is < 400 or 404 || (mayRefuse && (int)response.StatusCode == 409)
                || (isCall && (int)response.StatusCode < 500),
                $"{route.Name}: {(int)response.StatusCode}");
        }

        var documented = Routes(gateway).Where(route => !route.IsFree && !route.Name.Contains("/ws/", StringComparison.Ordinal))
            .ToDictionary(
                route => route.Name,
                // Anthropic's SDKs send `beta`, which changes nothing and is therefore not read.
                route => List(route.Doc.Parameters.Where(parameter => parameter is { Place: "query", Name: not "beta" })
                    .Select(parameter => parameter.Name)));
        Assert.Equal(
            [],
            documented.Where(one => one.Value != List(reads.Of(one.Key)))
                .Select(one => $"{one.Key}: documents '{one.Value}', reads '{List(reads.Of(one.Key))}'"));
        Assert.Equal("dialect ticket", List(reads.Of("GET /ws/{session_id}")));
        Assert.Equal("dialect ticket", List(
            Routes(gateway).Single(route => route.Name == "GET /ws/{session_id}").Doc.QueryParameters.Select(parameter => parameter.Name)));
        Assert.All(Routes(gateway).Where(route => route.IsFree), route => Assert.Empty(reads.Of(route.Name)));

        static string List(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_route_refuses_a_parameter_that_it_does_not_know_and_suggests_the_nearest()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var ids = await IdsAsync(gateway);
        var routes = Routes(gateway);
        Assert.Equal(
            [
                "GET /", "GET /api/visage/pictures/{token}", "GET /dashboard/assets/{file}", "GET /dashboard/{**page}", "GET /demo",
                "GET /health", "GET /health/live", "GET /health/ready", "GET /metrics", "GET /openapi.json",
            ],
            routes.Where(route => route.IsFree).Select(route => route.Name).Order(StringComparer.Ordinal));

        foreach (var route in routes.Where(route => !route.IsFree))
        {
            await RefusedAsync(gateway, route, ids, "?unknwon=1", "unknwon", "Known are: ");
            foreach (var parameter in route.Doc.QueryParameters)
            {
                var misspelt = $"{parameter.Name[..^2]}{parameter.Name[^1]}{parameter.Name[^2]}";
                if (misspelt != parameter.Name)
                {
                    await RefusedAsync(gateway, route, ids, $"?{misspelt}=1", misspelt, $"Did you mean '{parameter.Name}'?");
                }
            }
        }

        foreach (var route in routes.Where(route => route.IsFree))
        {
            using var plain = await AskAsync(gateway, route, ids, "");
            using var marked = await AskAsync(gateway, route, ids, "?utm_source=mail&v=3");
            Assert.Equal(plain.StatusCode, marked.StatusCode);
        }
    }

    [Fact]
    public async Task Every_route_refuses_values_that_are_not_valid()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var ids = await IdsAsync(gateway);

        foreach (var route in Routes(gateway).Where(route => !route.IsFree))
        {
            foreach (var parameter in route.Doc.QueryParameters)
            {
                foreach (var wrong in WrongValues(parameter))
                {
                    await RefusedAsync(gateway, route, ids, $"?{parameter.Name}={wrong}", parameter.Name, "");
                }
            }

            await RefusedAsync(gateway, route, ids, "", "Prefer", "wait=30", ("Prefer", "wait=abc"));
            await RefusedAsync(gateway, route, ids, "", "dialect", "default or plugin", ("StashAI-Dialect", "klingon"));
        }
    }

    [Fact]
    public async Task Every_route_refuses_a_parameter_that_is_given_twice_where_one_counts()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var ids = await IdsAsync(gateway);

        foreach (var route in Routes(gateway).Where(route => !route.IsFree))
        {
            foreach (var parameter in route.Doc.QueryParameters.Where(parameter => !parameter.MayRepeat))
            {
                var value = parameter.Words.Count > 0 ? parameter.Words[0] : parameter.Type == "boolean" ? "true" : $"{parameter.Least}";
                await RefusedAsync(
                    gateway, route, ids, $"?{parameter.Name}={value}&{parameter.Name}={value}", parameter.Name, "more than once");
            }
        }
    }

    [Fact]
    public async Task Every_route_that_reads_no_body_refuses_one_and_takes_an_empty_object()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var routes = Routes(gateway).Where(route => route.Method is not ("GET" or "HEAD") && route.Doc.Body is null).ToList();
        Assert.Contains(routes, route => route.Path == "/api/queue/resume");

        var ids = await IdsAsync(gateway);
        foreach (var route in routes.OrderBy(route => route.Method == "DELETE"))
        {
            foreach (var body in (string[])["""{"service":"visage"}""", "junk", "[]", new string(' ', 100)])
            {
                await RefusedAsync(gateway, route, ids, "", "body", "takes none", body: body);
            }

            using var taken = await AskAsync(gateway, route, ids, "", own: " {} ");
            Assert.NotEqual(422, (int)taken.StatusCode);
        }
    }

    [Fact]
    public async Task Every_route_refuses_a_member_of_its_body_that_is_given_twice()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var ids = await IdsAsync(gateway);
        // The body of a task of any service is an item, which is the client's own.
        foreach (var route in Routes(gateway).Where(
            route => route.Method == "POST" && Bodies.ContainsKey(route.Path) && route.Path != "/api/{service}/task"))
        {
            using var plain = JsonDocument.Parse(Bodies[route.Path]);
            foreach (var member in plain.RootElement.EnumerateObject())
            {
                var body = $$"""{"{{member.Name}}":{{member.Value.GetRawText()}},{{Bodies[route.Path][1..]}}""";

                using var response = await AskAsync(gateway, route, ids, "", own: body);

                // Two lists of items are refused by a rule of their own.
                var text = await response.Content.ReadAsStringAsync(Cancellation);
                Assert.True((int)response.StatusCode is 400 or 422, $"{route.Name}: {(int)response.StatusCode} {text}");
                using var problem = JsonDocument.Parse(text);
                Assert.Equal(
                    member.Name,
                    route.Doc.IsOfDialect
                        ? problem.RootElement.GetProperty("error").Text("param")
                        : problem.RootElement.FirstError().Text("field"));
            }
        }
    }

    [Fact]
    public async Task Names_in_another_case_and_empty_values_are_taken()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await IdsAsync(gateway);

        Assert.Equal(1, (await gateway.GetAsync("/api/queue/jobs?LIMIT=1&status=&offset=&include_single=")).Whole("limit"));
    }

    [Theory]
    [InlineData("/api/echo/job?language=es", "language", false)]
    [InlineData("/api/echo/job?language=es", "language", true)]
    [InlineData("/api/echo/batch/shout?operation=shout", "operation", false)]
    [InlineData("/api/sessions/job?operaton=record", "operaton", false)]
    public async Task A_configuration_in_the_query_belongs_to_lines_alone(string path, string field, bool isForm)
    {
        await using var host = await ServiceHost.StartAsync("""
            name: echo
            url: ${ECHO_URL}
            config:
              language: {type: string}
            operations:
              shout:
                item: {type: string}
                request: {path: /shout, json: {text: "{{ item }}"}}
            """);
        using HttpContent content = isForm
            ? new MultipartFormDataContent { { new StringContent("x"), "item" } }
            : new StringContent("""{"items":["x"]}""", null, "application/json");

        Assert.Equal(field, (await host.SendAsync(path, content, 422)).FirstError().Text("field"));
        Assert.Equal(
            "config.langauge",
            (await host.SendAsync("/api/echo/job?langauge=es", ServiceHost.Lines("\"x\""), 422)).FirstError().Text("field"));
    }

    [Fact]
    public async Task The_operation_of_a_service_in_code_may_be_in_the_query()
    {
        await using var gateway = await GatewayHost.StartAsync();

        await gateway.PostAsync("/api/interactions/job?operation=record", Lists);
        Assert.Contains(
            "no operation other",
            (await gateway.PostAsync("/api/interactions/job?operation=other", Lists, 404)).Text("detail"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_are_those_of_the_page_that_the_query_names()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var job = await gateway.SubmitAsync("a", "b", "c", "d");
        await gateway.EndOfAsync(job);

        var lines = (await gateway.Http.GetStringAsync($"/api/queue/job/{job}/results?format=ndjson&offset=1&limit=2", Cancellation))
            .Trim().Split('\n');

        Assert.Equal([1, 2], lines.Select(line => JsonDocument.Parse(line).RootElement.Whole("batch_index")));
    }

    private static IEnumerable<string> WrongValues(ParameterDoc parameter) => parameter switch
    {
        { Type: "integer" } =>
        [
            "abc", "1.5", "%201", (parameter.Least - 1).ToString(CultureInfo.InvariantCulture), $"{parameter.Most}0",
            "99999999999999999999999",
        ],
        { Type: "boolean" } => ["perhaps", "2"],
        { Words.Count: > 0 } => ["nonsense", $"{parameter.Words[0]}&{parameter.Name}={parameter.Words[^1]}"],
        _ => [],
    };

    private static async Task RefusedAsync(
        GatewayHost gateway, Route route, (string Job, string Task) ids, string query, string field, string hint,
        (string Name, string Value)? header = null, string? body = null)
    {
        using var response = await AskAsync(gateway, route, ids, query, header, body);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        var status = route.Doc.IsOfDialect ? 400 : 422;
        Assert.True((int)response.StatusCode == status, $"{route.Name}{query}: {(int)response.StatusCode} {text}");
        if (route.Method == "HEAD") return;
        using var problem = JsonDocument.Parse(text);
        if (route.Doc.IsOfDialect)
        {
            var error = problem.RootElement.GetProperty("error");
            Assert.Equal(field, error.Text("param"));
            Assert.Contains(hint, error.Text("message"), StringComparison.Ordinal);
            return;
        }

        Assert.Equal(field, problem.RootElement.FirstError().Text("field"));
        ProblemForm.Check(problem.RootElement);
        Assert.Contains(hint, problem.RootElement.Text("detail"), StringComparison.Ordinal);
    }
}
