using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using StashAI.EndToEnd.Tests.Deployment;
using StashAI.Testing.Files;

namespace StashAI.EndToEnd.Tests.Gateway;

/// <summary>A real proxy on this machine, with the configuration that docs/proxies.md shows for it.</summary>
internal sealed class RealProxy : IAsyncDisposable
{
    private readonly TempFolder folder;
    private readonly Process process;

    private RealProxy(TempFolder folder, Process process, string url) => (this.folder, this.process, Url) = (folder, process, url);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Where it listens, without the prefix and without a slash.</summary>
    public string Url { get; }

    /// <param name="name"><c>nginx</c>, <c>caddy</c> or <c>haproxy</c>: the program, and the word after the fence in the document.</param>
    /// <param name="server">Where the server listens, such as <c>http://127.0.0.1:9998</c>.</param>
    public static async Task<RealProxy> StartAsync(string name, string server)
    {
        var program = ((string[])["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]).Select(path => Path.Combine(path, name))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, $"{name} is not installed; ./test.sh --prepare installs it.");
        var folder = new TempFolder();
        var port = FreePort();
        var example = Fence(name).Match(Repository.Read("docs/proxies.md")).Groups[1].Value
            .Replace("127.0.0.1:9998", new Uri(server).Authority, StringComparison.Ordinal);
        var file = folder.File("proxy.conf");
        await File.WriteAllTextAsync(file, Surround(name, example, port, folder), Cancellation);
        string[] arguments = name switch
        {
            "nginx" => ["-p", folder.Path, "-e", folder.File("start.log"), "-c", file],
            "caddy" => ["run", "--adapter", "caddyfile", "--config", file],
            _ => ["-db", "-f", file],
        };
        var start = new ProcessStartInfo(program!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["HOME"] = start.Environment["XDG_DATA_HOME"] = start.Environment["XDG_CONFIG_HOME"] = folder.Path;
        var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync(Cancellation);
        _ = process.StandardOutput.ReadToEndAsync(Cancellation);
        var proxy = new RealProxy(folder, process, $"http://127.0.0.1:{port}");
        using var http = new HttpClient();
        while (true)
        {
            if (process.HasExited) Assert.Fail($"{name} ended: {await said}");
            try
            {
                (await http.GetAsync(proxy.Url + "/stashai/health", Cancellation)).Dispose();
                return proxy;
            }
            catch (HttpRequestException)
            {
                await Task.Yield();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        folder.Dispose();
    }

    /// <summary>What the program needs around the example to run on a free port, without root.</summary>
    private static string Surround(string name, string example, int port, TempFolder folder) => name switch
    {
        "nginx" => $$"""
            daemon off;
            pid {{folder.File("nginx.pid")}};
            error_log {{folder.File("error.log")}};
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path {{folder.File("body")}};
              proxy_temp_path {{folder.File("proxy")}};
              fastcgi_temp_path {{folder.File("fastcgi")}};
              uwsgi_temp_path {{folder.File("uwsgi")}};
              scgi_temp_path {{folder.File("scgi")}};
              {{example.Replace("listen 80;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal)}}
            }
            """,
        "caddy" => $$"""
            {
              admin off
              auto_https off
            }
            {{example.Replace("ai.example.org {", $"http://127.0.0.1:{port} {{", StringComparison.Ordinal)}}
            """,
        _ => example.Replace("bind :80 ", $"bind 127.0.0.1:{port} ", StringComparison.Ordinal),
    };

    private static Regex Fence(string name) => new($"```{name}\n(.*?)```", RegexOptions.Singleline);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
