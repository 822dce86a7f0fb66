using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Services;

/// <summary>Declarations that change while the server runs.</summary>
public sealed class ServiceReloadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_file_is_a_new_service_and_a_removed_one_is_none()
    {
        await using var host = await ServiceHost.StartAsync(Yaml("echo", "/one"));
        await File.WriteAllTextAsync(host.Folder.File("other.yaml"), Yaml("other", "/other"), Cancellation);

        await ReloadAsync(host);

        var job = await host.RunAsync("/api/other/job", """{"items":["x"]}""");
        Assert.Equal("completed", job.Text("status"));
        File.Delete(host.Folder.File("other.yaml"));
        await ReloadAsync(host);
        await host.Gateway.PostAsync("/api/other/job", """{"items":["x"]}""", 404);
        // Its running tasks may still end, but nothing begins.
        await host.Gateway.PostAsync("/api/services/other/test", "\"x\"", 404);
        (string Path, string Body)[] doors =
        [
            ("/api/batch", """{"type":"other","items":["x"]}"""),
            ($"/api/jobs/{job.Text("job_id")}/rerun", """{"only":"all"}"""),
            ("/api/quote", """{"service":"other","count":1}"""),
        ];
        foreach (var (path, body) in doors)
        {
            using var refused = await host.Gateway.SendAsync(HttpMethod.Post, path, body);
            Assert.True((int)refused.StatusCode is 404 or 409 or 422, $"{path}: {(int)refused.StatusCode}");
        }
    }

    [Fact]
    public async Task A_changed_file_changes_the_next_calls()
    {
        await using var host = await ServiceHost.StartAsync(Yaml("echo", "/one"));
        await host.RunAsync("/api/echo/job", """{"items":["x"]}""");
        await File.WriteAllTextAsync(host.Folder.File("echo.yaml"), Yaml("echo", "/two/and/more"), Cancellation);
        await ReloadAsync(host);

        await host.RunAsync("/api/echo/job", """{"items":["x"]}""");

        Assert.Equal(["/one", "/two/and/more"], host.Calls.Select(call => call.Path));
    }

    [Fact]
    public async Task A_file_that_breaks_leaves_the_service_as_it_was_and_is_logged_with_its_line()
    {
        await using var host = await ServiceHost.StartAsync(Yaml("echo", "/one"));
        await File.WriteAllTextAsync(
            host.Folder.File("echo.yaml"),
            Yaml("echo", "/two").Replace("item: string", "item: strng", StringComparison.Ordinal),
            Cancellation);

        Assert.False(await ReloadAsync(host));

        await host.RunAsync("/api/echo/job", """{"items":["x"]}""");
        Assert.Equal("/one", host.Calls[0].Path);
        Assert.Contains(
            host.Gateway.Errors.Lines,
            message => message.Contains("echo.yaml:4:", StringComparison.Ordinal)
                && message.Contains("Did you mean 'string'?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_whose_variable_is_missing_does_not_keep_the_others_from_work()
    {
        await using var host = await ServiceHost.StartAsync(
            Yaml("echo", "/one").Replace("${ECHO_URL}", "${NOT_SET_ANYWHERE}", StringComparison.Ordinal));
        await File.WriteAllTextAsync(host.Folder.File("other.yaml"), Yaml("other", "/other"), Cancellation);
        await ReloadAsync(host);

        await host.Gateway.PostAsync("/api/echo/job", """{"items":["x"]}""", 404);
        Assert.Equal("completed", (await host.RunAsync("/api/other/job", """{"items":["x"]}""")).Text("status"));
    }

    [Fact]
    public async Task A_declared_service_cannot_take_the_name_of_a_built_in_one()
    {
        await using var host = await ServiceHost.StartAsync(Yaml("visage", "/one"));

        var schema = await host.Gateway.GetAsync("/api/services/visage/schema");
        Assert.Contains("identify", schema.GetProperty("operations").EnumerateArray().Select(one => one.Text("name")));
    }

    [Fact]
    public async Task A_service_that_is_moved_or_removed_takes_its_address_out_of_the_trusted_ones_at_once()
    {
        const string first = "http://127.0.0.1:7101", second = "http://127.0.0.1:7102";
        await using var host = await ServiceHost.StartAsync(Yaml("echo", "/one"), new() { ["TRUST_LAN"] = "false" });
        var policy = host.Gateway.Services.GetRequiredService<OutboundPolicy>();
        await File.WriteAllTextAsync(host.Folder.File("other.yaml"), At("other", first), Cancellation);
        await ReloadAsync(host);
        Assert.True(await MayCallAsync(first));

        await File.WriteAllTextAsync(host.Folder.File("other.yaml"), At("other", second), Cancellation);
        await ReloadAsync(host);
        Assert.False(await MayCallAsync(first));
        Assert.True(await MayCallAsync(second));

        File.Delete(host.Folder.File("other.yaml"));
        await ReloadAsync(host);
        Assert.False(await MayCallAsync(second));
        Assert.True(await MayCallAsync(host.Service.Url));
        Assert.Null(host.Gateway.Services.GetRequiredService<ServiceCatalog>().Resolve(new Uri("service://other/x")));

        async Task<bool> MayCallAsync(string url)
        {
            try
            {
                await policy.CheckAsync(new Uri(url), null, Cancellation, OutboundPurpose.Configured);
                return true;
            }
            catch (OutboundRefusedException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task An_alias_goes_with_the_declaration_that_had_it()
    {
        await using var host = await ServiceHost.StartAsync(Yaml("echo", "/one"));
        var catalog = host.Gateway.Services.GetRequiredService<ServiceCatalog>();
        var url = new Uri("http://browser.example:7103/say/it");
        await File.WriteAllTextAsync(host.Folder.File("echo.yaml"), Yaml("echo", "/one") + "\naliases: ['*:7103/say/*']\n", Cancellation);
        await ReloadAsync(host);
        Assert.True(catalog.Current.IsAlias("echo", url));

        await File.WriteAllTextAsync(host.Folder.File("echo.yaml"), Yaml("echo", "/one"), Cancellation);
        await ReloadAsync(host);

        Assert.False(catalog.Current.IsAlias("echo", url));
    }

    /// <summary>
    /// A mounted ConfigMap: `echo.yaml` leads to `..data/echo.yaml`, and `..data` to a folder that is replaced by another.
    /// </summary>
    [Theory]
    [InlineData("folder")]
    [InlineData("target")]
    [InlineData("same time and length")]
    [InlineData("replaced file")]
    public async Task A_declaration_behind_a_link_is_read_again_when_what_it_leads_to_changes(string change)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        await using var host = await ServiceHost.StartAsync(Yaml("echo", "/old"));
        var mounted = host.Folder.File("echo.yaml");
        var (before, after) = (host.Folder.File("..v1"), host.Folder.File("..v2"));
        Directory.CreateDirectory(before);
        Directory.CreateDirectory(after);
        File.Move(mounted, Path.Combine(before, "echo.yaml"));
        await File.WriteAllTextAsync(Path.Combine(after, "echo.yaml"), Yaml("echo", "/new"), Cancellation);
        Directory.CreateSymbolicLink(host.Folder.File("..data"), before);
        File.CreateSymbolicLink(mounted, Path.Combine("..data", "echo.yaml"));
        await ReloadAsync(host);
        var file = Path.Combine(before, "echo.yaml");
        var written = File.GetLastWriteTimeUtc(file);

        switch (change)
        {
            case "folder":
                Directory.CreateSymbolicLink(host.Folder.File("..next"), after);
                Directory.Delete(host.Folder.File("..data"));
                Directory.Move(host.Folder.File("..next"), host.Folder.File("..data"));
                break;
            case "target":
                await File.WriteAllTextAsync(file, Yaml("echo", "/new"), Cancellation);
                break;
            case "same time and length":
                await File.WriteAllTextAsync(file, Yaml("echo", "/new"), Cancellation);
                File.SetLastWriteTimeUtc(file, written);
                break;
            default:
                File.Move(Path.Combine(after, "echo.yaml"), file, overwrite: true);
                break;
        }

        await ReloadAsync(host);
        await host.RunAsync("/api/echo/job", """{"items":["x"]}""");
        Assert.Equal("/new", host.Calls[^1].Path);
    }

    [Fact]
    public async Task A_link_whose_target_is_gone_is_no_service_any_more()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        await using var host = await ServiceHost.StartAsync(Yaml("echo", "/one"));
        var target = host.Folder.File("target");
        await File.WriteAllTextAsync(target, Yaml("linked", "/two"), Cancellation);
        File.CreateSymbolicLink(host.Folder.File("linked.yaml"), target);
        await ReloadAsync(host);
        await host.Gateway.GetAsync("/api/services/linked/schema");

        File.Delete(target);

        await ReloadAsync(host);
        await host.Gateway.GetAsync("/api/services/linked/schema", 404);
    }

    [Fact]
    public async Task A_named_pipe_among_the_declarations_holds_nothing_up()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Named pipes are made with mkfifo here.");
        await using var host = await ServiceHost.StartAsync(Yaml("echo", "/one"));
        using (var made = Process.Start("mkfifo", [host.Folder.File("pipe.yaml")])) await made.WaitForExitAsync(Cancellation);
        await File.WriteAllTextAsync(host.Folder.File("zebra.yaml"), Yaml("zebra", "/two"), Cancellation);

        await ReloadAsync(host).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        await host.Gateway.GetAsync("/api/services/zebra/schema");
    }

    [Fact]
    public async Task A_secret_that_comes_late_or_changes_is_read_again()
    {
        await using var host = await ServiceHost.StartAsync(Yaml("echo", "/one"));
        var secret = host.Folder.File("secret");
        await File.WriteAllTextAsync(
            host.Folder.File("late.yaml"),
            Yaml("late", "/late") + $"\nheaders: {{X-Secret: \"${{file:{secret}}}\"}}\n", Cancellation);
        Assert.False(await ReloadAsync(host));
        await host.Gateway.PostAsync("/api/late/job", """{"items":["x"]}""", 404);

        foreach (var value in (string[])["first", "other"])
        {
            await File.WriteAllTextAsync(secret, value + "\n", Cancellation);
            await ReloadAsync(host);
            await host.RunAsync("/api/late/job", """{"items":["x"]}""");
            Assert.Equal(value, host.Calls[^1].Header("X-Secret"));
        }

        Assert.False(await ReloadAsync(host));
    }

    private static string At(string name, string url) => $$$"""
        name: {{{name}}}
        url: {{{url}}}
        operations:
          say: {item: string, request: {path: /x, json: {text: "{{ item }}"} } }
        """;

    private static Task<bool> ReloadAsync(ServiceHost host) =>
        host.Gateway.Services.GetRequiredService<ServiceReloader>().ReloadAsync(Cancellation);

    private static string Yaml(string name, string path) => $$$"""
        name: {{{name}}}
        url: ${ECHO_URL}
        operations:
          say: {item: string, request: {path: "{{{path}}}", json: {text: "{{ item }}"} } }
        """;
}
