using StashAI.Gateway.Upstreams.Import;
using StashAI.Server.Cli;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Server.Tests.Cli.Import;

/// <summary>`service import` of commands as browsers, documents and other shells write them.</summary>
public sealed class CurlImportTests : IDisposable
{
    private const string Png = "iVBORw0KGgpzZWNyZXQgcGljdHVyZSBzZWNyZXQgcGljdHVyZSA=";

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    /// <summary>Commands that are no plain line of bash, which all send `q=hi` or `{"q":"hi"}` to /a.</summary>
    public static TheoryData<string> Dialects { get; } =
    [
        "curl ^\"URL/a^\" ^\r\n  -H ^\"Content-Type: application/json^\" ^\r\n  --data-raw ^\"^{^\\^\"q^\\^\":^\\^\"hi^\\^\"^}^\"",
        "curl \"URL/a\" ^\n -H \"Content-Type: application/json\" ^\n -d \"{\\\"q\\\":\\\"hi\\\"}\"",
        "curl.exe `\n  URL/a `\n  -d 'q=hi'",
        "curl.exe `\r\n  \"URL/a\" `\r\n  -H \"Authorization: Bearer $env:AI_KEY\" --json '{\"q\":\"hi\"}'",
        "me@host:~$ curl URL/a -d q=hi",
        "# how to ask\n\nAI=hi\ncurl \"URL/a\" \\\n  -d \"q=$AI\" # so\n",
        "export AI='hi'; curl URL/a -d q=$AI",
        "$ curl URL/a \\\n> -d q=hi",
        "curl URL/a --json @- <<'EOF' | jq .\n{\"q\":\"hi\"}\nEOF\n",
        "curl URL/a -d @- <<< 'q=hi' 2>&1 >/dev/null",
        "KEY=1 curl URL/a -d q=hi && echo done",
    ];

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_command_for_another_shell_is_understood(string curl)
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);

        var (code, output) = await ImportAsync(curl.Replace("URL", service.Url, StringComparison.Ordinal));

        Assert.True(code == 0, output);
        var call = service.Ledger.Calls[0].Call!;
        Assert.Equal("/a", call.Path);
        Assert.Contains(call.Text.TrimEnd(), (string[])["q=hi", "{\"q\":\"hi\"}"]);
    }

    /// <summary>Commands that are refused, and the words that say why.</summary>
    public static TheoryData<string, string> Refusals { get; } = new()
    {
        { "Invoke-WebRequest -Uri http://x/a -Method POST -Body 'q=hi'", "PowerShell" },
        {
            "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\nInvoke-WebRequest -UseBasicParsing -Uri \"http://x\"",
            "PowerShell"
        },
        { "wget http://x/a", "give a curl command" },
        { "curl http://x/a -d q=hi -H 'Host:'", "Host is taken away or empty" },
        { "curl http://x/a -d q=hi -H 'host: '", "Host is taken away or empty" },
        { "echo '{}' | curl http://x/a -d @-", "give a curl command" },
        { "curl http://x/a -d q=$(date)", "$(...)" },
        { "curl http://x/a -d q=`date`", "`...`" },
        { "curl http://x/a -H \"X: ${A%b}\" -d q=hi", "${A%b}" },
        { "curl http://x/a?x=1&y=2 -d q=hi", "an unquoted '&'" },
        { "curl http://x/a\n -d q=hi", @"without \" },
        { "curl http://x/a \\ \n -d q=hi", "a space after" },
        { "curl http://x/a -d q=hi\ncurl http://x/b -d q=ho", "several curl commands" },
        { "curl http://x/{a,b} -d q=hi", "braces" },
        { "curl 'http://x/{a,b}' -d q=hi", "several calls" },
        { "curl http://x/a --data=q", "--data and its value" },
        { "curl http://x/a -d q=hi --next http://x/b", "--next" },
        { "curl -I http://x/a?q=hi", "-I" },
        { "curl -K file http://x/a", "-K" },
        { "curl http://x/a -b cookies.txt -d q=hi", "-b cookies.txt" },
        { "curl http://x/a -u me -d q=hi", "-u" },
        { "curl http://x/a -X post -d q=hi", "-X post" },
        { "curl http://x/a --resolve x:80:127.0.0.1 -d q=hi", "--resolve" },
        { "curl http://x/a --unix-socket /s -d q=hi", "--unix-socket" },
        { "curl http://x/a -d @missing.json", "missing.json" },
        { "curl http://x/a -d @-", "standard input" },
        { "curl http://x/a -F 'a=1;headers=\"X: y\"'", ";headers=" },
        { "curl http://x/a -d q=hi -F a=b", "-d, -F, -T" },
        { "curl 'http://x/a b' -d q=hi", "has a space" },
        { "curl http://x/a -d q=hi -H 'content-type: multipart/form-data; boundary=W'", "parts" },
        {
            "curl 'http://x/a' -H 'content-type: multipart/form-data; boundary=W' --data-raw $'--W\\r\\nContent-Disposition: form-data; "
            + "name=\"f\"; filename=\"a.png\"\\r\\n\\r\\n\\r\\n--W--\\r\\n'",
            "'a.png'"
        },
        { "curl http://x/a --json '{\"q\":'", "not JSON" },
        { "curl http://x/a --json \"{\\\"q\\\":\\\"hi\\\",\\\"n\\\":$N}\"", "$N" },
        { "curl \"http://x/a\" -H \"X: $UNSET_X\" -d q=hi", "UNSET_X" },
    };

    [Theory]
    [InlineData("http:/127.0.0.1:1/a")]
    [InlineData("http:///127.0.0.1:1/a")]
    public void An_address_with_one_or_three_slashes_is_the_one_that_curl_calls(string address) =>
        Assert.Equal("http://127.0.0.1:1", CurlAddress.Read(address, isGlob: true, isAsIs: false).Base);

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_a_declaration_cannot_send_is_refused_by_name(string curl, string words)
    {
        var (code, output) = await ImportAsync(curl);

        Assert.Equal(2, code);
        Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("made.yaml")));
    }

    [Fact]
    public async Task Two_files_make_an_item_of_two_files()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        await File.WriteAllTextAsync(folder.File("a.jpg"), "first", Cancellation);
        await File.WriteAllTextAsync(folder.File("b.jpg"), "second", Cancellation);

        var (code, output) = await ImportAsync(
            $"curl {service.Url}/verify -F images=@{folder.File("a.jpg")} -F images=@{folder.File("b.jpg")} -F mode=fast");

        Assert.True(code == 0, output);
        var yaml = await File.ReadAllTextAsync(folder.File("made.yaml"), Cancellation);
        Assert.Contains("item: {type: object, properties: {images: {type: file}, images_2: {type: file}}}", yaml, StringComparison.Ordinal);
        Assert.Contains("first", service.Ledger.Calls[0].Call!.Text, StringComparison.Ordinal);
        Assert.Contains("second", service.Ledger.Calls[0].Call!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_pictures_in_base64_are_files_and_not_in_the_declaration()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);

        var (code, output) = await ImportAsync(
            $"curl {service.Url}/verify --json '{{\"one\":\"{Png}\",\"two\":\"data:image/png;base64,{Png}\",\"mode\":\"fast\"}}'");

        Assert.True(code == 0, output);
        var yaml = await File.ReadAllTextAsync(folder.File("made.yaml"), Cancellation);
        Assert.Contains("{one: {type: file}, two: {type: file}}", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain(Png, yaml, StringComparison.Ordinal);
        Assert.Equal(
            $"{{\"one\":\"{Png}\",\"two\":\"data:image/png;base64,{Png}\",\"mode\":\"fast\"}}", service.Ledger.Calls[0].Call!.Text);
    }

    [Fact]
    public async Task A_variable_of_a_header_or_an_address_becomes_a_reference()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);

        var (code, output) = await ImportAsync(
            "curl \"$AI_BASE/a\" -H \"Authorization: Bearer ${AI_KEY}\" -d q=hi", ("AI_BASE", service.Url), ("AI_KEY", "tok-123"));

        Assert.True(code == 0, output);
        Assert.Equal("Bearer tok-123", service.Ledger.Calls[0].Call!.Header("Authorization"));
        var yaml = await File.ReadAllTextAsync(folder.File("made.yaml"), Cancellation);
        Assert.Contains("url: ${AI_BASE}", yaml, StringComparison.Ordinal);
        Assert.Contains("Authorization: \"Bearer ${AI_KEY}\"", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("tok-123", yaml + output, StringComparison.Ordinal);
        Assert.Contains("Set AI_KEY where the server runs", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'URL/a?api_key=tok-5678&x=1' -d q=hi", "api_key: \"${MADE_API_KEY}\"")]
    [InlineData("URL/a -d q=hi -d api_key=tok-5678", "api_key: \"${MADE_API_KEY}\"")]
    [InlineData("URL/a -F q=hi -F api_key=tok-5678", "api_key: \"${MADE_API_KEY}\"")]
    [InlineData("URL/a --json '{\"q\":\"hi\",\"in\":{\"api_key\":\"tok-5678\"}}'", "\"api_key\":\"${MADE_API_KEY}\"")]
    [InlineData("URL/a --json '{ \"q\": \"hi\", \"api_key\": \"tok-5678\" }'", "api_key: {type: secret, env: MADE_API_KEY}")]
    public async Task A_secret_of_a_query_or_a_body_is_a_variable_of_the_environment(string curl, string words)
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);

        var (code, output) = await ImportAsync("curl " + curl.Replace("URL", service.Url, StringComparison.Ordinal));

        Assert.True(code == 0, output);
        Assert.Contains("tok-5678", service.Ledger.Calls[0].Call!.Path + service.Ledger.Calls[0].Call!.Text, StringComparison.Ordinal);
        var yaml = await File.ReadAllTextAsync(folder.File("made.yaml"), Cancellation);
        Assert.Contains(words, yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("tok-5678", yaml + output, StringComparison.Ordinal);
        Assert.Contains("Set MADE_API_KEY where the server runs", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sequence", "MKTAYIAKQRMKTAYIAKQRMKTAYIAKQRMKTAYIAKQRMKTAYIAKQRMKTAYIAKQRMKTAYIAKQRX1", "string")]
    [InlineData("path", "/usr/share/usr/share/usr/share/usr/share/usr/share/usr/share/bin1", "string")]
    [InlineData("path", "//server/share/folder/server/share/folder/server/share/folder/ab", "string")]
    [InlineData("text", "Qk0xQk0xQk0xQk0xQk0xQk0xQk0xQk0xQk0xQk0xQk0xQk0xQk0xQk0xQk0xQk0x", "string")]
    [InlineData("image", Png, "file")]
    public async Task A_text_is_a_file_only_with_a_files_signature(string field, string value, string type)
    {
        var (code, output) = await ImportAsync($"curl http://127.0.0.1:1/a --json '{{\"{field}\":\"{value}\"}}'", noCall: true);

        Assert.True(code == 0, output);
        Assert.Contains($"item: {type}\n", await File.ReadAllTextAsync(folder.File("made.yaml"), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_answers_with_a_text_has_a_text_as_result()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = _ => Reply.Status(200, "caf\u00e9", contentType: "text/plain");

        var (code, output) = await ImportAsync($"curl {service.Url}/a -d q=hi -H 'Accept: text/plain'");

        Assert.True(code == 0, output);
        var yaml = await File.ReadAllTextAsync(folder.File("made.yaml"), Cancellation);
        Assert.Contains("result: {format: text}", yaml, StringComparison.Ordinal);
        Assert.Contains("Accept: \"text/plain\"", yaml, StringComparison.Ordinal);
    }

    /// <summary>Declarations whose fields come several times, and what they send.</summary>
    public static TheoryData<string, string> Lists { get; } = new()
    {
        { "form: {q: \"{{ item }}\", label: [a, \"{{ item }}\"]}", "q=hi&label=a&label=hi" },
        { "form: [{a: 1}, {b: 2}, {a: \"{{ item }}\"}]", "a=1&b=2&a=hi" },
        { "query: {t: [word, segment], q: \"{{ item }}\"}", "/a?t=word&t=segment&q=hi" },
        {
            "multipart: {\"t[]\": [word, segment], q: \"{{ item }}\"}",
            "name=\"t[]\"\r\n\r\nword|name=\"t[]\"\r\n\r\nsegment|name=\"q\"\r\n\r\nhi"
        },
        {
            "multipart: {q: {text: \"{{ item }}\", type: application/json, name: \"\u00fc \\\"q\\\".json\"}, empty: \"\"}",
            "name=\"q\"; filename=\"\u00fc %22q%22.json\"\r\nContent-Type: application/json\r\n\r\nhi|name=\"empty\"\r\n\r\n\r\n"
        },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_declared_field_may_come_several_times(string request, string sent)
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        await File.WriteAllTextAsync(
            folder.File("made.yaml"),
            $"name: made\nurl: {service.Url}\noperations:\n  run: {{item: string, request: {{method: POST, path: /a, {request}}}}}\n",
            Cancellation);

        var (code, output) = await RunAsync(["service", "test", "made", "--item", "hi"]);

        Assert.True(code == 0, output);
        var call = service.Ledger.Calls[0].Call!;
        Assert.All(sent.Split('|'), part => Assert.Contains(part, $"{call.Path}\n{call.Text}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("headers: {X-A: \"a\\u0001b\"}", "", "cannot be sent")]
    [InlineData("headers: {Host: \"a b\"}", "", "not a valid host")]
    [InlineData("", "form: [a, b]", "mapping of names to values")]
    [InlineData("", "form: {a: 1, a: 2}", "a list, such as label: [a, b]")]
    [InlineData("", "multipart: {a: {text: x, type: nonsense}}", "a media type")]
    public async Task Check_says_what_cannot_be_sent(string headers, string request, string words)
    {
        await File.WriteAllTextAsync(
            folder.File("made.yaml"),
            $"name: made\nurl: http://x\n{headers}\noperations:\n  run: {{item: string, request: {{path: /a, {request}}}}}\n",
            Cancellation);

        var (code, output) = await RunAsync(["service", "check", folder.File("made.yaml")]);

        Assert.Equal(1, code);
        Assert.Contains(words, output, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output)> ImportAsync(string curl, params (string Name, string Value)[] variables) =>
        ImportAsync(curl, false, variables);

    private Task<(int Code, string Output)> ImportAsync(string curl, bool noCall, params (string Name, string Value)[] variables) =>
        RunAsync(["service", "import", curl, "--name", "made", .. noCall ? (string[])["--no-call"] : []], variables);

    private async Task<(int Code, string Output)> RunAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        await using var output = new StringWriter();
        var settings = variables.Append(("SERVICES_DIR", folder.Path)).Append(("AI_KEY", "tok-123")).GroupBy(one => one.Item1)
            .ToDictionary(group => group.Key, group => group.First().Item2);
        var code = await new CommandLineApp(new CommandHandlers(output), settings.GetValueOrDefault, output, output)
            .RunAsync(arguments, Cancellation);
        return (code, output.ToString());
    }
}
