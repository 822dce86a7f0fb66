using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.Testing.Postgres;

/// <summary>
/// A PostgreSQL cluster of the tests alone: in a temp folder, on a free port of 127.0.0.1, gone on dispose, and gone as well when the
/// test process dies. It does not wait for the disk unless it is asked to, so its data does not survive a power cut; everything else is as
/// usual.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    /// <summary>The one user who needs a password, once a test has made it.</summary>
    public const string GuardedUser = "guarded";

    private const string Superuser = "postgres";
    private const int PortTries = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PostgresInstallation installation;
    private readonly TempFolder folder = new();
    private readonly UnprivilegedUser? user = UnprivilegedUser.ForThisProcess();
    private Process? supervisor;
    private Task log = Task.CompletedTask;
    private int databases;

    private readonly bool isDurable;

    private PrivatePostgres(PostgresInstallation installation, bool isDurable)
    {
        this.installation = installation;
        this.isDurable = isDurable;
    }

    /// <summary>The TCP port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>What the server and its sessions have taken of all processors.</summary>
    public TimeSpan CpuTime =>
        ProcessorTime.OfFamily(int.Parse(File.ReadLines(folder.File("data/postmaster.pid")).First(), CultureInfo.InvariantCulture));

    /// <summary>Makes a cluster and returns when it takes connections.</summary>
    /// <param name="installation">The programs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="isDurable">Wait for the disk at every commit, as a server in use does.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message holds what it wrote.</exception>
    public static async Task<PrivatePostgres> StartAsync(
        PostgresInstallation installation, CancellationToken cancellationToken, bool isDurable = false)
    {
        var postgres = new PrivatePostgres(installation, isDurable);
        try
        {
            await postgres.InitializeAsync(cancellationToken);
            for (var attempt = 1;
                !await postgres.TryServeAsync(FindFreePort(), lastTry: attempt == PortTries, cancellationToken);
                attempt++)
            {
            }

            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Stops the server as a crash does, with nothing flushed, and returns when it takes connections again at the same port.
    /// </summary>
    /// <exception cref="InvalidOperationException">It did not start again; the message holds what it wrote.</exception>
    public async Task CrashAndRestartAsync(CancellationToken cancellationToken)
    {
        if (supervisor is not null) await CrashAsync();
        await StartAgainAsync(cancellationToken);
    }

    /// <summary>Makes a new database: a copy of <paramref name="template"/>, which nobody is connected to, or an empty one.</summary>
    public async Task<PostgresDatabase> CreateDatabaseAsync(CancellationToken cancellationToken, PostgresDatabase? template = null)
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await QueryAsync(Superuser, $"CREATE DATABASE {name} TEMPLATE {template?.Name ?? "template1"}", cancellationToken);
        return new PostgresDatabase(
            name,
            $"Host=127.0.0.1;Port={Port};Username={Superuser};Database={name}",
            $"postgres://{Superuser}@127.0.0.1:{Port}/{name}");
    }

    /// <summary>Runs one statement with psql and returns its rows as text: a line a row, columns split by <c>|</c>.</summary>
    /// <exception cref="InvalidOperationException">The statement failed; the message holds what psql wrote.</exception>
    public Task<string> QueryAsync(string database, string sql, CancellationToken cancellationToken) =>
        ProgramRun.OutputAsync(
            [
                installation.Program("psql"), "--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set=ON_ERROR_STOP=1",
                "--host=127.0.0.1", $"--port={Port}", $"--username={Superuser}", $"--dbname={database}", $"--command={sql}",
            ],
            folder.Path,
            cancellationToken);

    /// <summary>
    /// Ends the server as a crash does (`pg_ctl stop -m immediate`): every connection breaks, and the next start recovers from the log.
    /// </summary>
    public Task CrashAsync() => StopAsync(supervisor ?? throw new InvalidOperationException("The server is down already."));

    /// <summary>Starts it again after <see cref="CrashAsync"/>, on the same port.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        await TryServeAsync(Port, lastTry: true, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (this.supervisor is { } supervisor)
        {
            await StopAsync(supervisor);
        }

        folder.Dispose();
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        if (this.user is { } user)
        {
            await ProgramRun.OutputAsync(["chown", $"{user.Uid}:{user.Gid}", folder.Path], "/", cancellationToken);
        }

        await ProgramRun.OutputAsync(
            [
                .. this.user?.Prefix ?? [], installation.Program("initdb"), $"--pgdata={folder.File("data")}",
                $"--username={Superuser}", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync",
            ],
            folder.Path,
            cancellationToken);

        var access = folder.File("data/pg_hba.conf");
        var trusting = await File.ReadAllTextAsync(access, cancellationToken);
        await File.WriteAllTextAsync(access, $"host all {GuardedUser} 127.0.0.1/32 scram-sha-256\n{trusting}", cancellationToken);
    }

    private async Task<bool> TryServeAsync(int port, bool lastTry, CancellationToken cancellationToken)
    {
        Port = port;
        var supervisor = Supervise(
        [
            installation.Program("postgres"), "-D", folder.File("data"), "-p", $"{Port}",
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", isDurable ? "fsync=on" : "fsync=off",
            "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "logging_collector=off",
        ]);
        this.supervisor = supervisor;
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var written = new List<string>();
        this.log = ReadLogAsync(supervisor.StandardError, written, ready);
        if (await ready.Task.WaitAsync(Patience, cancellationToken))
        {
            return true;
        }

        await StopAsync(supervisor);
        var log = string.Join('\n', written);
        return lastTry || !log.Contains("in use", StringComparison.OrdinalIgnoreCase)
            ? throw new InvalidOperationException($"PostgreSQL did not start on port {Port}:\n{log}")
            : false;
    }

    /// <summary>
    /// Starts a shell that runs the server and stops it when the shell's input ends: on dispose, or when this process dies.
    /// </summary>
    private Process Supervise(IReadOnlyList<string> command)
    {
        const string Script = "\"$@\" & server=$!; read -r _; kill -QUIT \"$server\" 2>/dev/null; wait \"$server\"";
        var start = ProgramRun.StartInfo(
            [.. user?.Prefix ?? [], "sh", "-c", Script, "sh", .. command], folder.Path);
        return Process.Start(start) ?? throw new InvalidOperationException("The shell did not start.");
    }

    private static async Task ReadLogAsync(StreamReader log, List<string> written, TaskCompletionSource<bool> ready)
    {
        while (await log.ReadLineAsync() is { } line)
        {
            if (line.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult(true);
            }
            else if (!ready.Task.IsCompleted)
            {
                written.Add(line);
                // Clients that come while it recovers are refused; that is no end of the server.
                if (line.Contains("FATAL", StringComparison.Ordinal) && !line.Contains("the database system is", StringComparison.Ordinal))
                {
                    ready.TrySetResult(false);
                }
            }
        }

        ready.TrySetResult(false);
    }

    private async Task StopAsync(Process supervisor)
    {
        this.supervisor = null;
        supervisor.StandardInput.Close();
        await supervisor.WaitForExitAsync();
        await log;
        supervisor.Dispose();
    }

    private static int FindFreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
