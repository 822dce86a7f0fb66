using StashAI.Server.Cli;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Server.Tests.Cli;

/// <summary>`stashai service` as it is typed.</summary>
public sealed class ServiceCommandTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    /// <summary>A declaration with one fault, its place, and the words that help.</summary>
    public static TheoryData<string, string, string> Faults { get; } = new()
    {
        { "name: a\nurl: http://x\noperatoins: {}", ":3:1:", "Did you mean 'operations'?" },
        { "name: a\nurl: http://x\noperations:\n  go:\n    item: strng\n    request: {path: /x}", ":5:11:", "Did you mean 'string'?" },
        {
            "name: a\nurl: http://x\noperations:\n  go:\n    item: string\n    request:\n      path: /x\n      json: {q: \"{{ itm }}\"}",
            ":8:21:",
            "Did you mean 'item'?"
        },
        {
            "name: a\nurl: http://x\noperations:\n  go:\n    item: string\n    request:\n      path: /x\n      json: |\n"
            + "        {\"a\": 1,\n         \"q\": {{ item | jsn }}}",
            ":10:",
            "Did you mean 'json'?"
        },
        {
            "name: a\nurl: http://x\nconfig: {language: string}\noperations:\n  go:\n    item: string\n"
            + "    request: {path: \"/{{ config.langage }}\"}",
            ":7:",
            "config.langage is not known"
        },
        { "name: a\nurl: http://x\noperations:\n  go:\n    item: string\n    request: {path: \"/{{ item \"}", ":6:", "is not closed" },
        { "name: a\nurl: http://x\noperations:\n  go:\n    item: string\n    request: {path: \"/{% if item %}\"}", ":6:", "never closed" },
        {
            "name: a\nurl: http://x\ntimeout: soon\noperations:\n  go: {item: string, request: {path: /x}}",
            ":3:10:",
            "500ms, 30s, 2m or 1h"
        },
        {
            "name: a\nurl: http://x\nmax_parallel: 0\noperations:\n  go: {item: string, request: {path: /x}}",
            ":3:15:",
            "a number from 1 to"
        },
        { "name: A b\nurl: http://x\noperations:\n  go: {item: string, request: {path: /x}}", ":1:7:", "lower-case letters" },
        {
            "name: a\nurl: http://x\noperations:\n  go: {item: string, request: {path: /x, raw: {file: item}}}",
            ":4:",
            "declare one with type: file"
        },
        { "name: a\nurl: http://x\noperations:\n  go: {item: string, request: {path: /x, json: {}, form: {a: b}}}", ":4:", "one body" },
        {
            "name: a\nurl: http://x\nconfig: {n: {type: integer, default: many}}\noperations:\n  go: {item: string, request: {path: /x}}",
            ":3:",
            "a whole number"
        },
        {
            "name: a\nurl: http://x\noperations:\n  go: {item: string, request: {path: /x}, errors: {retry: [200]}}",
            ":4:",
            "from 400 to 599"
        },
        { "name: a\nurl: http://x\noperations:\n  go: {item: string, request: {path: /x}, result: data.text}", ":4:", "JSON pointer" },
        { "name: a\n  url: [", ":2:", "not YAML" },
        {
            "name: a\nurl: http://x\noperations:\n  go: {item: {type: array, items: file}, request: {path: /x}}",
            ":4:",
            "one of its properties"
        },
        {
            "name: a\nurl: http://x\noperations:\n  go: {item: {type: object, properties: {in: {type: object, properties: {f: "
            + "file}}}}, request: {path: /x}}",
            ":4:",
            "one of its properties"
        },
        {
            "name: a\nurl: http://x\nconfig: {f: file}\noperations:\n  go: {item: string, request: {path: /x}}",
            ":3:",
            "cannot contain a file"
        },
        // These took the whole process down.
        {
            "name: a\nurl: http://x\nconfig: {n: &n {type: object, properties: {n: *n}}}\noperations:\n"
            + "  go: {item: string, request: {path: /x}}",
            ":3:47:",
            "*n is inside"
        },
        { "name: a\nurl: http://x\noperations:\n  go: {item: string, request: {path: /x, json: &j [*j]}}", ":4:", "*j is inside" },
        {
            "name: a\nurl: http://x\nconfig: {n: {type: any, default: " + new string('[', 100_000) + new string(']', 100_000) + "}}",
            ":3:",
            "more than 32 levels deep"
        },
        {
            "a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
            + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]",
            ":1:",
            "use fewer"
        },
        { "name: a\nurl: ${A B}\noperations:\n  go: {item: string, request: {path: /x}}", ":2:6:", "${NAME" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_shown_with_file_line_and_column(string yaml, string place, string help)
    {
        var file = folder.File("faulty.yaml");
        await File.WriteAllTextAsync(file, yaml, Cancellation);

        var (code, output) = await RunAsync("service", "check", file);

        Assert.Equal(1, code);
        Assert.Contains(
            output.Split('\n'),
            line => line.StartsWith(file + place, StringComparison.Ordinal) && line.Contains(help, StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_faults_are_shown_at_once()
    {
        var file = folder.File("faulty.yaml");
        await File.WriteAllTextAsync(
            file, "name: a\nurll: http://x\ntimeout: never\noperations:\n  go: {item: string, request: {path: x}}", Cancellation);

        var (_, output) = await RunAsync("service", "check", file);

        Assert.Equal(
            [":1:", ":2:", ":3:", ":5:"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[file.Length..][..3]));
    }

    public static TheoryData<string> Shipped => [.. Directory.EnumerateFiles(Root("services"), "*.yaml", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Root("services"), file))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task Shipped_services_and_examples_are_fine(string name)
    {
        var (code, output) = await RunAsync("service", "check", Path.Combine(Root("services"), name));

        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("translation", "transcription", "embeddings", "ocr", "chat")]
    [InlineData("examples/libretranslate", "examples/compreface", "examples/codeproject-ai", "examples/immich-ml")]
    public void What_the_documents_promise_is_there(params string[] names) =>
        Assert.All(names, name => Assert.Contains(name + ".yaml", Shipped.Select(one => one.Data)));

    [Fact]
    public async Task A_trial_shows_request_and_answer_and_no_secret()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = call => Reply.Json("""{"text":"olleh"}""");
        await File.WriteAllTextAsync(
            folder.File("back.yaml"),
            $$$"""
            name: back
            url: {{{service.Url}}}
            headers: {X-Api-Key: "${BACK_KEY}"}
            config: {mode: {type: integer, default: 1}}
            operations:
              turn: {item: string, request: {path: /turn, json: {q: "{{ item }}", mode: "{{ config.mode }}"} }, result: /text}
            """,
            Cancellation);

        var (code, output) = await RunAsync("service", "test", "back", "--item", "hello", "--config", "mode=4");

        Assert.True(code == 0, output);
        Assert.Contains("> X-Api-Key: (secret)", output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", output, StringComparison.Ordinal);
        Assert.Contains("""> {"q":"hello","mode":4}""", output, StringComparison.Ordinal);
        Assert.Contains("< 200", output, StringComparison.Ordinal);
        Assert.Contains(": \"olleh\"", output, StringComparison.Ordinal);
        Assert.Equal("s3cret", service.Ledger.Calls[0].Call!.Header("X-Api-Key"));
    }

    [Fact]
    public async Task Numbers_of_the_command_line_arrive_digit_by_digit()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        await File.WriteAllTextAsync(
            folder.File("back.yaml"),
            $$$"""
            name: back
            url: {{{service.Url}}}
            config: {seed: integer, scale: {type: number, default: 0.10}, all: boolean}
            operations: {turn: {item: integer, request: {path: /turn, json: {q: "{{ item }}", seed: "{{ config.seed }}", scale: "{{ config.scale }}", all: "{{ config.all }}", fixed: 1e-30} } } }
            """,
            Cancellation);

        var (code, output) = await RunAsync(
            "service", "test", "back", "--item", "9007199254740993", "--config", "seed=123456789012345678901234567890", "--config",
            "all=True");

        Assert.True(code == 0, output);
        Assert.Equal(
            """{"q":9007199254740993,"seed":123456789012345678901234567890,"scale":0.10,"all":true,"fixed":1e-30}""",
            service.Ledger.Calls[0].Call!.Text);
    }

    [Fact]
    public async Task A_trial_takes_a_file_by_its_name_behind_an_at()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        await File.WriteAllTextAsync(folder.File("a.txt"), "two words\nand a line", Cancellation);
        await File.WriteAllTextAsync(
            folder.File("back.yaml"),
            $"name: back\nurl: {service.Url}\noperations:\n  turn: {{item: file, request: {{path: /turn, raw: {{file: item}} }} }}",
            Cancellation);

        var (code, output) = await RunAsync("service", "test", "back", "--item", "@" + folder.File("a.txt"));

        Assert.True(code == 0, output);
        Assert.Equal("two words\nand a line", service.Ledger.Calls[0].Call!.Text);
    }

    /// <summary>Curl commands, and what their trial call sends.</summary>
    public static TheoryData<string, string, string> Commands { get; } = new()
    {
        {
            "curl -X POST 'URL/v1/embeddings' -H 'Authorization: Bearer tok' -H \"Content-Type: application/json\" \\\n"
            + " -d '{\"model\":\"m\",\"input\":\"it'\\''s\",\"n\":2}'",
            "POST /v1/embeddings",
            """{"model":"m","input":"it's","n":2}"""
        },
        { "curl URL/translate -d q=hello+you -d target=es", "POST /translate", "q=hello+you&target=es" },
        {
            "curl --json '{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}' URL/chat",
            "POST /chat",
            """{"messages":[{"role":"user","content":"hi"}]}"""
        },
        { "curl -G URL/detect --data-urlencode 'text=a b' -s", "GET /detect?text=a%20b", "" },
        {
            "curl URL/seed -d '{\"input\":\"x\",\"seed\":1234567890123456789012,\"scale\":1e-30,\"zero\":-0,\"all\":true,\"in\":{\"n\":0.10}}'",
            "POST /seed",
            """{"input":"x","seed":1234567890123456789012,"scale":1e-30,"zero":-0,"all":true,"in":{"n":0.10}}"""
        },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_curl_command_becomes_a_declaration_that_makes_the_same_call(string curl, string call, string body)
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = _ => Reply.Json("""{"data":[{"embedding":[1,2]}]}""");

        var (code, output) = await RunAsync(
            "service", "import", curl.Replace("URL", service.Url, StringComparison.Ordinal), "--name", "made");

        Assert.True(code == 0, output);
        var made = service.Ledger.Calls[0].Call!;
        Assert.Equal(call, $"{made.Method} {made.Path}");
        Assert.Equal(body, made.Text);
        var yaml = await File.ReadAllTextAsync(folder.File("made.yaml"), Cancellation);
        Assert.Contains("result: /data/0/embedding", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("tok", yaml, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("service", "check", folder.File("made.yaml"))).Code);
    }

    /// <summary>
    /// Curl commands as people and browsers write them, with the secret tok-123 somewhere, and what their trial call sends.
    /// </summary>
    public static TheoryData<string, string, string> SecretCommands { get; } = new()
    {
        { "curl -sSu me:tok-123 URL/a -d q=hello", "POST /a", "q=hello" },
        { "curl 'http://me:tok-123@HOST/a' -d q=hello", "POST /a", "q=hello" },
        { "curl URL/a --oauth2-bearer tok-123 -d q=hello", "POST /a", "q=hello" },
        { "curl URL/a -b 'session=tok-123' -d q=hello", "POST /a", "q=hello" },
        { "curl URL/a -H 'Cookie: sid=tok-123' -H 'X-Auth: tok-123' -d q=hello", "POST /a", "q=hello" },
        { "curl URL/a -H 'X-App-Secret: tok-123' -H 'Authorization: Bearer other-tok-123' -d q=hello", "POST /a", "q=hello" },
        { "curl URL/a -d q=hello -d api_key=tok-123", "POST /a", "q=hello&api_key=tok-123" },
        { "curl URL/a -d word=hi -d access_token=tok-123", "POST /a", "word=hi&access_token=tok-123" },
        { "curl -G 'URL/a?key=tok-123' --data-urlencode 'q=a b'", "GET /a?key=tok-123&q=a%20b", "" },
        {
            "curl URL/a -H 'content-type: application/json' --data-raw "
            + "$'{\"q\":\"it\\\'s\\u0021\",\"password\":\"tok-123\",\"max_tokens\":5}' --compressed",
            "POST /a",
            """{"q":"it's!","password":"tok-123","max_tokens":5}"""
        },
        {
            "curl URL/a --json '{\"q\":\"x\",\"auth\":{\"api-key\":\"tok-123\"}}' | jq .",
            "POST /a",
            """{"q":"x","auth":{"api-key":"tok-123"}}"""
        },
        { "curl --cacert ca.pem URL/a -d q=hello -H 'X-Api-Key: tok-123' --max-time 3 -o out.json", "POST /a", "q=hello" },
    };

    [Theory]
    [MemberData(nameof(SecretCommands))]
    public async Task No_secret_of_a_curl_command_is_written_or_shown(string curl, string call, string body)
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = _ => Reply.Json("""{"text":"hola"}""");
        curl = curl.Replace("URL", service.Url, StringComparison.Ordinal)
            .Replace("HOST", new Uri(service.Url).Authority, StringComparison.Ordinal);

        var (code, output) = await RunAsync("service", "import", curl, "--name", "made");

        Assert.True(code == 0, output);
        var made = service.Ledger.Calls[0].Call!;
        Assert.Equal(call, $"{made.Method} {made.Path}");
        Assert.Equal(body, made.Text);
        var yaml = await File.ReadAllTextAsync(folder.File("made.yaml"), Cancellation);
        foreach (var secret in (string[])["tok-123", Convert.ToBase64String("me:tok-123"u8)])
        {
            Assert.DoesNotContain(secret, yaml, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, output, StringComparison.Ordinal);
        }

        Assert.Contains("the file contains no secret", output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("service", "check", folder.File("made.yaml"))).Code);
    }

    [Fact]
    public async Task A_curl_command_with_a_file_takes_the_file_as_item()
    {
        await using var service = await ScriptedService.StartAsync(Cancellation);
        await File.WriteAllTextAsync(folder.File("a.wav"), "RIFF....", Cancellation);

        var (code, output) = await RunAsync(
            "service", "import", $"curl {service.Url}/v1/audio -F file=@{folder.File("a.wav")} -F model=whisper-1", "--name", "audio");

        Assert.True(code == 0, output);
        Assert.Contains("RIFF....", service.Ledger.Calls[0].Call!.Text, StringComparison.Ordinal);
        Assert.Contains("whisper-1", service.Ledger.Calls[0].Call!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service", "import", "wget http://x")]
    [InlineData("service", "import", "curl 'http://x")]
    [InlineData("service", "import", "curl http://127.0.0.1:1/a b -d q=x")]
    [InlineData("service", "import", "curl http://127.0.0.1:1/a --upload-file x -d q=x")]
    [InlineData("service", "test", "nosuch", "--item", "x")]
    public async Task What_cannot_be_done_is_said_in_one_line(params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.Single(output.TrimEnd().Split('\n'));
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        var settings = new Dictionary<string, string> { ["SERVICES_DIR"] = folder.Path, ["BACK_KEY"] = "s3cret" };
        var code = await new CommandLineApp(new CommandHandlers(output), name => settings.GetValueOrDefault(name), output, output)
            .RunAsync(arguments, Cancellation);
        return (code, output.ToString());
    }

    [Fact]
    public async Task Services_of_another_data_folder_are_found_by_its_flag()
    {
        Directory.CreateDirectory(folder.File("data/services"));
        await File.WriteAllTextAsync(
            folder.File("data/services/back.yaml"),
            "name: other\nurl: http://x\noperations:\n  go: {item: string, request: {path: /x}}\n",
            Cancellation);
        var output = new StringWriter();

        var code = await new CommandLineApp(new CommandHandlers(output), _ => null, output, output)
            .RunAsync(["service", "list", "--data", folder.File("data")], Cancellation);

        Assert.Equal(0, code);
        Assert.Contains("other", output.ToString(), StringComparison.Ordinal);
    }

    private static string Root(string name)
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "StashAI.slnx"))) at = at.Parent;
        return Path.Combine(at!.FullName, name);
    }
}
