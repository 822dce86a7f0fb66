using System.Diagnostics;
using System.Net.Sockets;
using StashAI.Streams.Files;
using StashAI.Testing.Files;

namespace StashAI.Gateway.Tests.Services;

/// <summary>What somebody names as a file is opened only if it is one.</summary>
public sealed class RegularFileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pipes_sockets_devices_and_folders_are_refused_at_once_also_behind_links()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The kinds of files are those of Linux.");
        using var folder = new TempFolder();
        var pipe = folder.File("pipe");
        using (var made = Process.Start("mkfifo", [pipe])) await made.WaitForExitAsync(Cancellation);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder.File("socket")));
        foreach (var path in (string[])[pipe, folder.File("socket"), "/dev/zero", "/dev/null", folder.Path, folder.File("nothing")])
        {
            var link = folder.File("link");
            File.CreateSymbolicLink(link, path);
            Assert.Throws<IOException>(() => RegularFile.OpenRead(path));
            Assert.Throws<IOException>(() => RegularFile.OpenRead(link));
            File.Delete(link);
        }
    }

    [Fact]
    public async Task A_regular_file_is_read_whole()
    {
        using var folder = new TempFolder();
        var bytes = Enumerable.Range(0, 300_000).Select(index => (byte)index).ToArray();
        await File.WriteAllBytesAsync(folder.File("f\u00fc"), bytes, Cancellation);

        await using var stream = RegularFile.OpenRead(folder.File("f\u00fc"));
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancellation);

        Assert.Equal(bytes.Length, stream.Length);
        Assert.Equal(bytes, read.ToArray());
    }
}
