using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>How the results of declared services are shown, in a real browser against a running server.</summary>
public sealed class DeclaredViewTests(Chromium chromium)
{
    private const string Picture =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private const string Yaml = """
        name: studio
        url: ${STUDIO_URL}
        operations:
          ask:
            view: {kind: chat, text: /text, tokens: /tokens, finish_reason: /finish}
            item: string
            request: {path: /ask, json: {text: "{{ item }}"}}
          translate:
            view: {kind: translation, text: /text}
            item: string
            request: {path: /translate, json: {text: "{{ item }}"}}
          embed:
            view: {kind: embedding, vector: /vector}
            item: string
            request: {path: /embed, json: {text: "{{ item }}"}}
          read:
            view: {kind: ocr, text: /text}
            item: file
            request: {path: /read, raw: {file: item}}
          listen:
            view: {kind: transcript, text: /text, segments: /segments, language: /language, duration: /duration}
            item: file
            request: {path: /listen, raw: {file: item}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The operation, the words of its view, its items, what the service answers to each, and what is then to be read.</summary>
    public static TheoryData<string, string, string[], string[], string[]> Views => new()
    {
        {
            "ask", "chat", ["Why is the sky blue?", "Say nothing"],
            ["""{"text":"It scatters light.","tokens":41,"finish":"length"}""", """{"text":"","finish":"stop"}"""],
            ["Why is the sky blue?", "It scatters light.", "ended by length · 41 tokens", "The answer is empty."]
        },
        {
            "translate", "translation", ["It rains.", "Good morning"], ["""{"text":"Llueve."}""", """{"text":"Buenos días"}"""],
            ["It rains.", "Llueve.", "Good morning", "Buenos días"]
        },
        { "embed", "embedding", ["cat"], ["""{"vector":[0.6,0.8,0]}"""], ["3", "1.0000"] },
        {
            "read", "ocr", [Picture, Picture], ["""{"text":"Closed on Mondays"}""", """{"text":""}"""],
            ["Closed on Mondays", "No text was found."]
        },
        {
            "listen", "transcript", ["YQ==", "Yg=="],
            [
                """{"text":"Hello. Bye.","language":"en","duration":12,"segments":[{"start":0,"end":5,"text":"Hello."},{"start":7,"end":9,"text":"Bye."}]}""",
                """{"text":" ","segments":[]}""",
            ],
            ["en · 12s", "Hello.", "0:07", "Bye.", "Nothing was said."]
        },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Results_are_shown_as_their_operation_declares(
        string operation, string view, string[] items, string[] answers, string[] read)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("studio.yaml"), Yaml, Cancellation);
        await using var service = await ScriptedService.StartAsync(new ScriptedServiceOptions { Item = call => call.Path }, Cancellation);
        service.Script = call => Reply.Json(answers[(call.Number - 1) % answers.Length]);
        await using var gateway = await ServedGateway.StartAsync(
            workers: 1, settings: [("SERVICES_DIR", folder.Path), ("STUDIO_URL", service.Url)]);
        if ((await gateway.Http.GetStringAsync("/dashboard", Cancellation)).Contains("no dashboard", StringComparison.Ordinal))
            Assert.Skip("This build has no dashboard, because npm was missing.");
        var job = await RunAsync(gateway, operation, items);
        foreach (var (scheme, width) in ((ColorScheme, int)[])[(ColorScheme.Light, 1440), (ColorScheme.Dark, 320)])
        {
            await using var browser = await chromium.OpenAsync(scheme, width);
            var page = browser.Page;

            await page.GotoAsync($"{gateway.Process.Url}/dashboard/jobs/{job}");

            await Assertions.Expect(page.GetByLabel("Show as")).ToHaveValueAsync(view);
            foreach (var text in read) await Assertions.Expect(page.GetByText(text, new() { Exact = true }).First).ToBeVisibleAsync();
            await Axe.AssertNothingFoundAsync(page);
            Assert.False(await DashboardPages.ScrollsSidewaysAsync(page));
            Assert.Empty(browser.Complaints);
            await browser.PictureAsync($"view-{view}-{width}");
        }
    }

    /// <summary>Runs a job to its end.</summary>
    private static async Task<string> RunAsync(ServedGateway gateway, string operation, string[] items)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/studio/batch/{operation}");
        request.Content = JsonContent.Create(new { items, config = new { max_parallel = 1 } });
        request.Headers.Add("Prefer", "wait=60");
        using var response = await gateway.Http.SendAsync(request, Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(response.IsSuccessStatusCode, answer.GetRawText());
        return answer.GetProperty("job_id").GetString()!;
    }
}
