using System.Net;
using System.Net.Sockets;
using System.Text;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Gateway;

/// <summary>What is around the process cannot open it: the framework's variables and files, the limit of open files, the umask.</summary>
public sealed class SurroundingsTests
{
    private const string Settings = """
        {"Urls":"http://0.0.0.0:0","Kestrel":{"Endpoints":{"Open":{"Url":"http://0.0.0.0:0"}}},"AllowedHosts":"*","ForwardedHeaders_Enabled":true,
        "Logging":{"LogLevel":{"Default":"Trace"}}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Variables_and_files_of_the_framework_change_nothing()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("appsettings.json"), Settings, Cancellation);
        await File.WriteAllTextAsync(folder.File("appsettings.Production.json"), Settings, Cancellation);
        var variables = new Dictionary<string, string?>
        {
            ["FORWARDEDHEADERS_ENABLED"] = "true",
            ["URLS"] = "http://0.0.0.0:0",
            ["HTTP_PORTS"] = "0",
            ["PREFERHOSTINGURLS"] = "true",
            ["Kestrel__Endpoints__Open__Url"] = "http://0.0.0.0:0",
            ["Kestrel__EndpointDefaults__Protocols"] = "Http2",
            ["Kestrel__Limits__MaxRequestBodySize"] = "1",
            ["Logging__LogLevel__Default"] = "Trace",
        };
        foreach (var prefix in (string[])["ASPNETCORE_", "DOTNET_"])
        {
            foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
                [
                    ("URLS", "http://0.0.0.0:0"), ("HTTP_PORTS", "0"), ("FORWARDEDHEADERS_ENABLED", "true"), ("ENVIRONMENT", "Development"),
                    ("PREFERHOSTINGURLS", "true"), ("HOSTINGSTARTUPASSEMBLIES", "No.Such.Assembly"), ("PREVENTHOSTINGSTARTUP", "false"),
                    ("CONTENTROOT", folder.Path), ("DETAILEDERRORS", "true"), ("Kestrel__Endpoints__Open__Url", "http://0.0.0.0:0"),
                    ("SUPPRESSSTATUSMESSAGES", "false"), ("APPLICATIONNAME", "x"),
                ])
            {
                variables[prefix + name] = value;
            }
        }

        await using var server = await StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Arguments = ["serve", "--urls", "http://127.0.0.1:0", "--data", folder.File("data"), "--visage-url", "http://127.0.0.1:9"],
                Environment = variables,
                Folder = folder.Path,
            },
            Cancellation);

        Assert.Equal("127.0.0.1", new Uri(server.Url).Host);
        Assert.Equal([new Uri(server.Url).Port], Listeners(server.ProcessId).Select(listener => listener.Port));
        Assert.All(Listeners(server.ProcessId), listener => Assert.Equal(IPAddress.Loopback, listener.Address));
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/queue/jobs", Cancellation)).StatusCode);
        // A client that calls itself this machine is still not it.
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "/api/queue/pause") { Headers = { { "X-Forwarded-For", "127.0.0.1" } } };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(request, Cancellation)).StatusCode);
        Assert.DoesNotContain(
            server.StandardError,
            line => line.Contains("trce:", StringComparison.Ordinal) || line.Contains("No.Such.Assembly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_few_files_idle_connections_keep_nobody_out_and_the_queue_goes_on()
    {
        using var folder = new TempFolder();
        await using var server = await StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Program = ["/bin/sh", "-c", "ulimit -n 512 && exec \"$0\" \"$@\"", Path.Combine(AppContext.BaseDirectory, "stashai")],
                Arguments = ["serve", "--urls", "http://127.0.0.1:0", "--data", folder.File("data"), "--visage-url", "http://127.0.0.1:9"],
                Folder = folder.Path,
            },
            Cancellation);
        var address = new Uri(server.Url);
        var idle = new List<Socket>();
        for (var i = 0; i < 1200; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            idle.Add(socket);
            await socket.ConnectAsync(address.Host, address.Port, Cancellation);
            if (i % 3 == 0) await socket.SendAsync("GET /heal"u8.ToArray(), Cancellation);
        }

        using var http = new HttpClient { BaseAddress = address };
        for (var i = 0; i < 20; i++)
        {
            using var content = new StringContent("""{"images":["eA=="]}""", Encoding.UTF8, "application/json");
            using var response = await http.PostAsync("/api/visage/job", content, Cancellation);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }

        Assert.False(server.HasExited);
        Assert.DoesNotContain(
            server.StandardError,
            line => line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal));
        idle.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task What_the_server_creates_is_for_its_user_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files.");
        using var folder = new TempFolder();
        await using (var server = await StashAIProcess.ServeAsync(folder.Path, ["--visage-url", "http://127.0.0.1:9"], Cancellation))
        {
            using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
            using var content = new StringContent("""{"images":["eA=="]}""", Encoding.UTF8, "application/json");
            Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsync("/api/visage/job", content, Cancellation)).StatusCode);
            await RunAsync(folder, "keys", "create", "--name", "laptop", "--data", folder.File("data"));
            await RunAsync(
                folder, "service", "import", "curl http://127.0.0.1:9/translate -d q=hello", "--no-call", "--folder",
                folder.File("data/services"));
            CheckModes(folder.File("data"));
        }

        CheckModes(folder.File("data"));
    }

    [Fact]
    public async Task What_is_open_to_others_stays_as_it_is_and_is_told_of_once()
    {
        if (OperatingSystem.IsWindows()) return; // It has no such modes.
        using var folder = new TempFolder();
        var (data, keys, mounted) = (folder.File("data"), folder.File("keys"), folder.File("mounted"));
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(keys, "read:a-key-that-is-long-enough\n", Cancellation);
        await File.WriteAllTextAsync(mounted, "read:a-key-that-is-long-enough\n", Cancellation);
        File.SetUnixFileMode(data, Mode(7, 5, 5));
        File.SetUnixFileMode(keys, Mode(6, 4, 4));
        File.SetUnixFileMode(mounted, Mode(4, 4, 4));

        foreach (var (file, warnings) in ((string, int)[])[(keys, 2), (mounted, 1)])
        {
            await using var server = await StashAIProcess.StartAsync(
                new StashAIProcessOptions
                {
                    Arguments = ["serve", "--urls", "http://127.0.0.1:0", "--data", data, "--visage-url", "http://127.0.0.1:9"],
                    Environment = new Dictionary<string, string?> { ["API_KEYS_FILE"] = file },
                    Folder = folder.Path,
                },
                Cancellation);
            await server.SignalAsync(UnixSignal.Terminate, Cancellation);
            await server.WaitForExitAsync(Cancellation);
            await server.OutputAsync();
            var told = server.StandardError.Where(line => line.Contains("chmod", StringComparison.Ordinal)).ToList();
            Assert.True(told.Count == warnings, string.Join('\n', told));
            Assert.Single(told, line => line.EndsWith($"chmod 700 '{data}'", StringComparison.Ordinal));
            if (file == keys) Assert.Single(told, line => line.EndsWith($"chmod 600 '{keys}'", StringComparison.Ordinal));
        }

        Assert.Equal(Mode(7, 5, 5), File.GetUnixFileMode(data));
        Assert.Equal(Mode(6, 4, 4), File.GetUnixFileMode(keys));
    }

    private static void CheckModes(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(Mode(7, 0, 0), File.GetUnixFileMode(folder));
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        {
            if (!Path.Exists(path)) continue;
            var expected = Directory.Exists(path) ? Mode(7, 0, 0) : Mode(6, 0, 0);
            Assert.True(File.GetUnixFileMode(path) == expected, $"{path} has {File.GetUnixFileMode(path)}");
        }
    }

    private static UnixFileMode Mode(int user, int group, int others) => (UnixFileMode)(user * 64 + group * 8 + others);

    private static async Task RunAsync(TempFolder folder, params string[] arguments)
    {
        await using var command = StashAIProcess.Launch(new StashAIProcessOptions { Arguments = arguments, Folder = folder.Path });
        var code = await command.WaitForExitAsync(Cancellation);
        Assert.True(code == 0, string.Join('\n', command.StandardError));
    }

    /// <summary>The TCP addresses on which a process listens, as Linux tells them.</summary>
    private static List<IPEndPoint> Listeners(int process)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It reads /proc.");
        var sockets = Directory.EnumerateFiles($"/proc/{process}/fd").Select(link => new FileInfo(link).LinkTarget)
            .Where(target => target?.StartsWith("socket:[", StringComparison.Ordinal) == true)
            .Select(target => target![8..^1]).ToHashSet();
        var found = new List<IPEndPoint>();
        foreach (var table in (string[])["tcp", "tcp6"])
        {
            foreach (var line in File.ReadLines($"/proc/{process}/net/{table}").Skip(1))
            {
                var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (cells[3] != "0A" || !sockets.Contains(cells[9])) continue;
                var (host, port) = (Convert.FromHexString(cells[1].Split(':')[0]), Convert.ToInt32(cells[1].Split(':')[1], 16));
                for (var i = 0; i < host.Length; i += 4) host.AsSpan(i, 4).Reverse();
                found.Add(new IPEndPoint(new IPAddress(host), port));
            }
        }

        return found;
    }
}
