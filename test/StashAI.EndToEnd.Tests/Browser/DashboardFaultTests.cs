using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>
/// A server that answers what nobody expects, such as one of another version, or a proxy in its place: every page keeps its heading and its
/// rail, and no error is left unhandled; only answers of another shape may cost a page its content. The caller's own rights are answered as
/// ever, or no page would begin.
/// </summary>
public sealed partial class DashboardFaultTests(Chromium chromium)
{
    private const string Markup = "<img src=x onerror=\"window.isHacked=1\">\"'&";

    [Theory]
    [InlineData(500, "text/html", "<h1>no</h1>")]
    [InlineData(502, "text/html", "<h1>Bad gateway</h1>")]
    [InlineData(429, "application/problem+json", """{"title":"Too many","errors":null}""")]
    [InlineData(200, "text/html", "<p>Log in to the network</p>")]
    [InlineData(200, "application/json", "null")]
    [InlineData(200, "application/json", "{}")]
    [InlineData(200, "application/json", """{"data":[{"id":""")]
    public Task Whatever_is_answered_every_page_has_its_heading(int status, string type, string body) => WalkAsync(
        route => route.FulfillAsync(new() { Status = status, ContentType = type, Body = body }),
        mayBreak: status == 200,
        isAnswered: false);

    [Theory]
    [InlineData("words")]
    [InlineData("nulls")]
    [InlineData("times")]
    [InlineData("numbers")]
    [InlineData("markup")]
    public Task However_an_answer_is_changed_every_page_has_its_heading(string kind) => WalkAsync(async route =>
    {
        var answer = await route.FetchAsync();
        var text = await answer.TextAsync();
        if (!answer.Headers.TryGetValue("content-type", out var type) || !type.Contains("json", StringComparison.Ordinal)
            || text.Length == 0)
        {
            await route.FulfillAsync(new() { Response = answer });
        }
        else
        {
            await route.FulfillAsync(new() { Response = answer, Body = Change(JsonNode.Parse(text), "", kind)?.ToJsonString() ?? "null" });
        }
    }, mayBreak: kind == "nulls", isAnswered: kind != "nulls");

    private async Task WalkAsync(Func<IRoute, Task> answer, bool mayBreak, bool isAnswered)
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var dashboard = await FilledDashboard.StartAsync();
        var page = browser.Page;
        var (errors, found) = (new ConcurrentQueue<string>(), new List<string>());
        page.PageError += (_, error) => errors.Enqueue($"{page.Url}: {error}");
        await page.RouteAsync(Api(), async route =>
        {
            try
            {
                await answer(route);
            }
            catch (PlaywrightException)
            {
                // The page went on and asks for this no more.
            }
        });
        foreach (var address in dashboard.Pages)
        {
            await page.GotoAsync($"{dashboard.Url}/dashboard{address}");
            try
            {
                await Assertions.Expect(page.Locator("#content h1")).ToHaveCountAsync(1, new() { Timeout = 15_000 });
            }
            catch (PlaywrightException)
            {
                found.Add($"{address}: no heading");
                continue;
            }

            // Where nobody answers, the client asks again for a while.
            if (isAnswered) await DashboardPages.SettledAsync(page);
            if (!mayBreak && await page.GetByText("This page broke").IsVisibleAsync()) found.Add($"{address}: broke");
            if (await DashboardPages.ScrollsSidewaysAsync(page)) found.Add($"{address}: scrolls sideways");
            if (await page.EvaluateAsync<bool>("'isHacked' in window")) found.Add($"{address}: runs markup");
            var text = await page.Locator("#content").InnerTextAsync();
            if (Garbage().Match(text) is { Success: true } match) found.Add($"{address}: {match.Value}");
        }

        await page.UnrouteAllAsync(new() { Behavior = UnrouteBehavior.IgnoreErrors });
        Assert.True(found.Count == 0, string.Join('\n', found));
        Assert.Empty(errors);
    }

    private static JsonNode? Change(JsonNode? node, string name, string kind)
    {
        switch (node)
        {
            case JsonObject members:
                return new JsonObject(members.ToList().Select(
                    one => KeyValuePair.Create(one.Key, Change(one.Value?.DeepClone(), one.Key, kind))));
            case JsonArray items:
                return new JsonArray([.. items.Select(one => Change(one?.DeepClone(), name, kind))]);
            case JsonValue value when value.TryGetValue<string>(out var text):
                return kind switch
                {
                    "words" when Word().IsMatch(name) => "something-new",
                    "nulls" when !Identity().IsMatch(name) => null,
                    "times" when DateTimeOffset.TryParse(text, out _) => "not a time",
                    "markup" when Prose().IsMatch(name) => Markup + new string('W', 500),
                    _ => value,
                };
            case JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number && kind == "numbers":
                return 9.007e15;
            default:
                return node;
        }
    }

    [GeneratedRegex("/(api/(?!me$|login$)|health)")]
    private static partial Regex Api();

    [GeneratedRegex("NaN|undefined|Invalid Date|\\[object ")]
    private static partial Regex Garbage();

    [GeneratedRegex("^(state|status|kind|role|scope|circuit|outcome|overlap|error_kind)$")]
    private static partial Regex Word();

    [GeneratedRegex("^(id|.*_id|state|status|kind)$")]
    private static partial Regex Identity();

    [GeneratedRegex("^(?!(adapter_name|service)$).*(name|owner|tag|message|reason|title|detail)")]
    private static partial Regex Prose();
}
