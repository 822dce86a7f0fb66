using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Gateway;

/// <summary>Behind a real nginx on this machine.</summary>
public sealed class ProxyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Behind_nginx_nobody_is_this_machine_unless_the_proxy_is_trusted_and_says_so()
    {
        await using var gateway = await ServedGateway.StartAsync();
        await using var nginx = await Nginx.StartAsync(gateway.Process.Url);
        using var outside = new HttpClient { BaseAddress = new Uri(nginx.Url) };

        Assert.Equal(401, await PauseAsync(outside));
        Assert.Equal(401, await PauseAsync(outside, "203.0.113.9"));
        Assert.Equal(401, (int)(await outside.GetAsync("/api/events?queue_stats=1", Cancellation)).StatusCode);
        using (var socket = new ClientWebSocket())
        {
            await socket.ConnectAsync(new Uri(nginx.Url.Replace("http", "ws", StringComparison.Ordinal) + "/ws/x"), Cancellation);
            await socket.SendAsync("""{"type":"subscribe_queue_stats"}"""u8.ToArray(), WebSocketMessageType.Text, true, Cancellation);
            var buffer = new byte[1000];
            var answer = await socket.ReceiveAsync(buffer, Cancellation);
            Assert.Contains("error", System.Text.Encoding.UTF8.GetString(buffer, 0, answer.Count), StringComparison.Ordinal);
        }

        Assert.Equal(200, await PauseAsync(gateway.Http));

        gateway.Settings["TRUSTED_PROXIES"] = "127.0.0.1";
        await gateway.Process.SignalAsync(StashAI.Testing.Processes.UnixSignal.Terminate, Cancellation);
        await gateway.Process.WaitForExitAsync(Cancellation);
        await gateway.ServeAsync();
        await using var again = await Nginx.StartAsync(gateway.Process.Url);
        using var trusted = new HttpClient { BaseAddress = new Uri(again.Url) };
        // nginx appends this machine to what the client made up, and the walk stops at the first that is not trusted.
        Assert.Equal(200, await PauseAsync(trusted));
        Assert.Equal(401, await PauseAsync(trusted, "203.0.113.9"));
        Assert.Equal(401, await PauseAsync(trusted, "127.0.0.1, 203.0.113.9"));
        Assert.Equal(401, await PauseAsync(trusted, "nonsense"));
    }

    [Fact]
    public async Task Behind_nginx_wrong_keys_count_for_their_client()
    {
        const string Key = "a-key-that-is-long-enough";
        await using var gateway = await ServedGateway.StartAsync(
            settings: [("TRUSTED_PROXIES", "127.0.0.1"), ("API_KEYS", $"admin:{Key}")]);
        await using var nginx = await Nginx.StartAsync(gateway.Process.Url);
        using var http = new HttpClient { BaseAddress = new Uri(nginx.Url) };

        for (var i = 0; i < 20; i++) Assert.Equal(401, await PauseAsync(http, "203.0.113.9", "wrong"));
        Assert.Equal(429, await PauseAsync(http, "203.0.113.9", "wrong"));
        Assert.Equal(401, await PauseAsync(http, "203.0.113.10", "wrong"));
        Assert.Equal(200, await PauseAsync(http, "203.0.113.9", Key));
        Assert.Contains(
            gateway.Process.StandardError, line => line.Contains("from 203.0.113.9 (through 127.0.0.1)", StringComparison.Ordinal));
    }

    private static async Task<int> PauseAsync(HttpClient http, string? forwarded = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/queue/pause");
        if (forwarded is not null) request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded);
        if (key is not null) request.Headers.Add("X-API-Key", key);
        using var response = await http.SendAsync(request, Cancellation);
        return (int)response.StatusCode;
    }

    /// <summary>nginx as its own manual sets it up before a server with WebSockets.</summary>
    private sealed class Nginx : IAsyncDisposable
    {
        private readonly TempFolder folder;
        private readonly Process process;

        private Nginx(TempFolder folder, Process process, string url) => (this.folder, this.process, Url) = (folder, process, url);

        public string Url { get; }

        public static async Task<Nginx> StartAsync(string upstream)
        {
            var program = ((string[])["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"]).FirstOrDefault(File.Exists);
            Assert.SkipWhen(program is null, "nginx is not installed; ./test.sh --prepare installs it.");
            var folder = new TempFolder();
            var port = FreePort();
            var file = folder.File("nginx.conf");
            await File.WriteAllTextAsync(
                file,
                $$"""
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
                  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                  server {
                    listen 127.0.0.1:{{port}};
                    location / {
                      proxy_pass {{upstream}};
                      proxy_http_version 1.1;
                      proxy_set_header Host $host;
                      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                      proxy_set_header Upgrade $http_upgrade;
                      proxy_set_header Connection $connection_upgrade;
                    }
                  }
                }
                """,
                Cancellation);
            var process = Process.Start(new ProcessStartInfo(program!, ["-p", folder.Path, "-e", folder.File("start.log"), "-c", file])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            var nginx = new Nginx(folder, process, $"http://127.0.0.1:{port}");
            using var http = new HttpClient { BaseAddress = new Uri(nginx.Url) };
            while (true)
            {
                Assert.False(
                    process.HasExited,
                    File.Exists(folder.File("start.log"))
                        ? await File.ReadAllTextAsync(folder.File("start.log"), Cancellation)
                        : "nginx ended.");
                try
                {
                    (await http.GetAsync("/health", Cancellation)).Dispose();
                    return nginx;
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

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
