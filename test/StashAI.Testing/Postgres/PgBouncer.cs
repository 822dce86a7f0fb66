using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.Testing.Postgres;

/// <summary>
/// A PgBouncer of the tests alone, before a private cluster: on a free port of 127.0.0.1, gone on dispose, and gone as well when the test
/// process dies.
/// </summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private readonly UnprivilegedUser? user = UnprivilegedUser.ForThisProcess();
    private Process? supervisor;
    private Task log = Task.CompletedTask;

    private PgBouncer()
    {
    }

    /// <summary>The TCP port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>True where the program is installed.</summary>
    public static bool IsInstalled => Find() is not null;

    /// <summary>Starts one and returns when it takes connections.</summary>
    /// <param name="cluster">The server behind it.</param>
    /// <param name="settings">Lines of its configuration, such as `pool_mode=transaction`; what is not set has its default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message holds what it wrote.</exception>
    public static async Task<PgBouncer> StartAsync(
        PrivatePostgres cluster, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var pooler = new PgBouncer();
        try
        {
            await pooler.ServeAsync(cluster, settings, cancellationToken);
            return pooler;
        }
        catch
        {
            await pooler.DisposeAsync();
            throw;
        }
    }

    /// <summary>The URL of a database of the cluster, through this pooler.</summary>
    public string Url(PostgresDatabase database) => $"postgres://postgres@127.0.0.1:{Port}/{database.Name}";

    public async ValueTask DisposeAsync()
    {
        if (this.supervisor is { } supervisor)
        {
            supervisor.StandardInput.Close();
            await supervisor.WaitForExitAsync();
            await log;
            supervisor.Dispose();
        }

        folder.Dispose();
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append("/usr/sbin").Select(folder => Path.Combine(folder, "pgbouncer")).FirstOrDefault(File.Exists);

    private async Task ServeAsync(PrivatePostgres cluster, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        Port = FindFreePort();
        var users = folder.File("users");
        var configuration = folder.File("pgbouncer.ini");
        await File.WriteAllTextAsync(users, "\"postgres\" \"\"\n", cancellationToken);
        await File.WriteAllLinesAsync(
            configuration,
            [
                "[databases]", string.Create(CultureInfo.InvariantCulture, $"* = user=postgres host=127.0.0.1 port={cluster.Port}"),
                "[pgbouncer]", "listen_addr=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"listen_port={Port}"),
                "unix_socket_dir=", "auth_type=any", $"auth_file={users}", "max_client_conn=1000", .. settings,
            ],
            cancellationToken);
        if (this.user is { } user)
        {
            await ProgramRun.OutputAsync(["chown", "-R", $"{user.Uid}:{user.Gid}", folder.Path], "/", cancellationToken);
        }

        const string Script = "\"$@\" & server=$!; read -r _; kill -TERM \"$server\" 2>/dev/null; wait \"$server\"";
        var start = ProgramRun.StartInfo([.. this.user?.Prefix ?? [], "sh", "-c", Script, "sh", Find()!, configuration], folder.Path);
        supervisor = Process.Start(start) ?? throw new InvalidOperationException("The shell did not start.");
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var written = new List<string>();
        log = ReadLogAsync(supervisor.StandardError, written, ready);
        if (!await ready.Task.WaitAsync(Patience, cancellationToken))
            throw new InvalidOperationException($"PgBouncer did not start on port {Port}:\n{string.Join('\n', written)}");
    }

    private static async Task ReadLogAsync(StreamReader log, List<string> written, TaskCompletionSource<bool> ready)
    {
        while (await log.ReadLineAsync() is { } line)
        {
            if (line.Contains("process up", StringComparison.Ordinal)) ready.TrySetResult(true);
            else if (!ready.Task.IsCompleted) written.Add(line);
        }

        ready.TrySetResult(false);
    }

    private static int FindFreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
