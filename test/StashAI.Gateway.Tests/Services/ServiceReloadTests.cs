using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Upstreams.Services;

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

        Assert.True(await ReloadAsync(host));

        Assert.Equal("completed", (await host.RunAsync("/api/other/job", """{"items":["x"]}""")).Text("status"));
        File.Delete(host.Folder.File("other.yaml"));
        Assert.True(await ReloadAsync(host));
        await host.Gateway.PostAsync("/api/other/job", """{"items":["x"]}""", 404);
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
        await File.WriteAllTextAsync(host.Folder.File("echo.yaml"), Yaml("echo", "/two").Replace("item: string", "item: strng", StringComparison.Ordinal), Cancellation);

        Assert.False(await ReloadAsync(host));

        await host.RunAsync("/api/echo/job", """{"items":["x"]}""");
        Assert.Equal("/one", host.Calls[0].Path);
        Assert.Contains(host.Gateway.Errors.Lines, message => message.Contains("echo.yaml:4:", StringComparison.Ordinal) && message.Contains("Did you mean 'string'?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_whose_variable_is_missing_does_not_keep_the_others_from_work()
    {
        await using var host = await ServiceHost.StartAsync(Yaml("echo", "/one").Replace("${ECHO_URL}", "${NOT_SET_ANYWHERE}", StringComparison.Ordinal));
        await File.WriteAllTextAsync(host.Folder.File("other.yaml"), Yaml("other", "/other"), Cancellation);
        await ReloadAsync(host);

        await host.Gateway.PostAsync("/api/echo/job", """{"items":["x"]}""", 404);
        Assert.Equal("completed", (await host.RunAsync("/api/other/job", """{"items":["x"]}""")).Text("status"));
    }

    [Fact]
    public async Task A_declared_service_cannot_take_the_name_of_a_built_in_one()
    {
        await using var host = await ServiceHost.StartAsync(Yaml("visage", "/one"));

        await host.Gateway.GetAsync("/api/services/visage/schema", 404);
    }

    private static Task<bool> ReloadAsync(ServiceHost host) => host.Gateway.Services.GetRequiredService<ServiceReloader>().ReloadAsync(Cancellation);

    private static string Yaml(string name, string path) => $$$"""
        name: {{{name}}}
        url: ${ECHO_URL}
        operations:
          say: {item: string, request: {path: "{{{path}}}", json: {text: "{{ item }}"} } }
        """;
}
