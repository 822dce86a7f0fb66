using System.Text;
using System.Text.Json;

namespace StashAI.Gateway.Intake.Items;

/// <summary>
/// A place in an item or a body where a string may be a file. Places form a tree: a place may be a file and also have places below it, so
/// that a string is a file there and an object is searched.
/// </summary>
internal sealed class FilePlace
{
    private readonly List<(byte[] Name, FilePlace Place)> children = [];

    private FilePlace(string path) => Path = path;

    /// <summary>The dotted path from the root of the tree, which is empty.</summary>
    public string Path { get; }

    /// <summary>True when a string here is a file.</summary>
    public bool IsFile { get; private set; }

    /// <param name="paths">Dotted paths such as <c>image_data.image_base64</c>; an empty one is the root itself.</param>
    public static FilePlace Tree(IEnumerable<string> paths)
    {
        var root = new FilePlace("");
        foreach (var path in paths)
        {
            var place = root;
            if (path.Length > 0)
            {
                foreach (var name in path.Split('.')) place = place.GetOrAdd(name);
            }

            place.IsFile = true;
        }

        return root;
    }

    /// <summary>The child with a name, given as a JSON string with quotes and escapes.</summary>
    public FilePlace? Find(ReadOnlySpan<byte> quotedName)
    {
        if (children.Count == 0) return null;
        var reader = new Utf8JsonReader(quotedName);
        reader.Read();
        foreach (var (name, place) in children)
        {
            if (reader.ValueTextEquals(name)) return place;
        }

        return null;
    }

    private FilePlace GetOrAdd(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        foreach (var (known, place) in children)
        {
            if (known.AsSpan().SequenceEqual(bytes)) return place;
        }

        var added = new FilePlace(Path.Length == 0 ? name : $"{Path}.{name}");
        children.Add((bytes, added));
        return added;
    }
}
