using System.Text;
using System.Text.Json;

namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// Finds whole numbers at several places of a document in one pass. It makes no document: most results are only asked for a few counts.
/// </summary>
internal sealed class NumberScan
{
    private readonly Node root = new([]);
    private readonly int count;

    private NumberScan(IReadOnlyList<JsonPointer> pointers)
    {
        count = pointers.Count;
        for (var i = 0; i < pointers.Count; i++)
        {
            var at = root;
            foreach (var name in pointers[i].Names) at = at.Child(name);
            at.Places.Add(i);
        }
    }

    /// <summary>A scan for the values of some pointers; null where one of them may lead into a list, or is the whole document.</summary>
    public static NumberScan? For(IReadOnlyList<JsonPointer> pointers) =>
        pointers.Any(pointer => pointer.IsRoot || pointer.Names.Any(name => name.Length == 0 || char.IsAsciiDigit(name[0])))
            ? null : new NumberScan(pointers);

    /// <summary>Reads the numbers of a document.</summary>
    /// <param name="json">The document, which is valid.</param>
    /// <returns>
    /// A number for each pointer, null for none; or null for a document that must be looked at more closely, as one with a fraction or a
    /// text.
    /// </returns>
    public long?[]? TryRead(ReadOnlySpan<byte> json)
    {
        var found = new long?[count];
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() && (reader.TokenType != JsonTokenType.StartObject || TryRead(ref reader, root, found)) ? found : null;
        }
        catch (InvalidOperationException)
        {
            // A name has half of a surrogate pair, which is no text.
            return null;
        }
    }

    private static bool TryRead(ref Utf8JsonReader reader, Node at, long?[] found)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var child = at.Find(ref reader);
            reader.Read();
            // Of a name that is there twice, the last counts.
            child?.Forget(found);
            if (child is null)
            {
                reader.Skip();
                continue;
            }

            if (child.Places.Count > 0 && reader.TokenType != JsonTokenType.Null)
            {
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number)) return false;
                foreach (var place in child.Places) found[place] = number;
            }

            if (reader.TokenType != JsonTokenType.StartObject) reader.Skip();
            else if (!TryRead(ref reader, child, found)) return false;
        }

        return true;
    }

    /// <summary>A name of a member, or the document.</summary>
    private sealed class Node(byte[] name)
    {
        private readonly List<Node> children = [];

        /// <summary>The pointers that end here.</summary>
        public List<int> Places { get; } = [];

        public Node Child(string name)
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            if (children.Find(one => one.Name.AsSpan().SequenceEqual(utf8)) is { } known) return known;
            children.Add(new Node(utf8));
            return children[^1];
        }

        private byte[] Name => name;

        public Node? Find(ref Utf8JsonReader reader)
        {
            foreach (var child in children)
            {
                if (reader.ValueTextEquals(child.Name)) return child;
            }

            return null;
        }

        public void Forget(long?[] found)
        {
            foreach (var place in Places) found[place] = null;
            foreach (var child in children) child.Forget(found);
        }
    }
}
