using System.Text;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Tests.Intake;

/// <summary>Keeps every item and file and checks the order of the calls.</summary>
internal sealed class RecordingSink : IItemSink
{
    private MemoryStream? open;
    private PayloadPath path;
    private bool isItemOpen;
    private string field = "";
    private string? prefix;

    /// <summary>The files, each under its whole path.</summary>
    public List<(string Path, string? Prefix, byte[] Bytes)> Files { get; } = [];

    /// <summary>The items without their files, each under its path; empty text for an item that is a file.</summary>
    public List<(string Path, string Json)> Items { get; } = [];

    public int LargestPiece { get; private set; }

    public void BeginItem(PayloadPath path)
    {
        Assert.False(isItemOpen);
        isItemOpen = true;
        this.path = path;
    }

    public void BeginFile(string field, string? dataUrlPrefix)
    {
        Assert.True(isItemOpen);
        Assert.Null(open);
        open = new MemoryStream();
        (this.field, prefix) = (field, dataUrlPrefix);
    }

    public ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Assert.NotNull(open);
        Assert.False(bytes.IsEmpty);
        LargestPiece = Math.Max(LargestPiece, bytes.Length);
        open.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }

    public void EndFile()
    {
        Assert.NotNull(open);
        Files.Add(((path with { Property = field.Length == 0 ? null : field }).ToString(), prefix, open.ToArray()));
        open = null;
    }

    public ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        Assert.True(isItemOpen);
        Assert.Null(open);
        isItemOpen = false;
        Items.Add((path.ToString(), Encoding.UTF8.GetString(json.Span)));
        return ValueTask.CompletedTask;
    }
}
