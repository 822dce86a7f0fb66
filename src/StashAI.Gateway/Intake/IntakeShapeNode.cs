using System.Text;
using System.Text.Json;

namespace StashAI.Gateway.Intake;

/// <summary>One place in the tree of an <see cref="IntakeShape"/>.</summary>
internal sealed class IntakeShapeNode(string path)
{
    private readonly List<(byte[] Name, IntakeShapeNode Node)> _children = [];

    /// <summary>The dotted path from the root.</summary>
    public string Path { get; } = path;

    /// <summary>The index of the pattern that ends here, or -1.</summary>
    public int Pattern { get; set; } = -1;

    /// <summary>True when the elements of an array here are the payloads.</summary>
    public bool IsArray { get; set; }

    /// <summary>True when a string here is a payload.</summary>
    public bool IsSingle => Pattern >= 0 && !IsArray;

    public IntakeShapeNode GetOrAdd(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        foreach (var (known, node) in _children)
        {
            if (known.AsSpan().SequenceEqual(bytes))
            {
                return node;
            }
        }

        var added = new IntakeShapeNode(Path.Length == 0 ? name : $"{Path}.{name}");
        _children.Add((bytes, added));
        return added;
    }

    /// <summary>The child of that name, which is a JSON string with its quotes and escapes.</summary>
    public IntakeShapeNode? Find(ReadOnlySpan<byte> quotedName)
    {
        if (_children.Count == 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(quotedName);
        reader.Read();
        foreach (var (name, node) in _children)
        {
            if (reader.ValueTextEquals(name))
            {
                return node;
            }
        }

        return null;
    }
}
