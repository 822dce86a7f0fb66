using System.Diagnostics;
using System.Net.Sockets;

namespace StashAI.Testing.Files;

/// <summary>What may stand where a file is expected: each in one folder, with a link to it. Nothing ever writes into the pipe.</summary>
public sealed class SpecialFiles : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private SpecialFiles()
    {
    }

    /// <summary>True where this machine has all kinds.</summary>
    public static bool CanBeMade => OperatingSystem.IsLinux();

    /// <summary>The paths, each with the word that an error has for it.</summary>
    public IReadOnlyList<(string Path, string Word)> All { get; private set; } = [];

    /// <summary>A path of each kind that has this name's ending.</summary>
    public static async Task<SpecialFiles> CreateAsync(string extension, CancellationToken cancellationToken)
    {
        var files = new SpecialFiles();
        string Name(string kind) => files.folder.File(kind + extension);
        using (var made = Process.Start("mkfifo", [Name("pipe")])) await made.WaitForExitAsync(cancellationToken);
        files.socket.Bind(new UnixDomainSocketEndPoint(Name("socket")));
        Directory.CreateDirectory(Name("folder"));
        File.CreateSymbolicLink(Name("device"), "/dev/zero");
        File.CreateSymbolicLink(Name("link"), Name("pipe"));
        files.All =
        [
            (Name("pipe"), "named pipe"), (Name("link"), "named pipe"), (Name("socket"), "socket"), (Name("device"), "device"),
            (Name("folder"), "folder"),
        ];
        return files;
    }

    public void Dispose()
    {
        socket.Dispose();
        folder.Dispose();
    }
}
