namespace StashAI.Storage.Tests.Contract;

/// <summary>Segments as files.</summary>
public sealed class FolderShelf(string folder) : ISegmentShelf
{
    public string Extension => ".seg";

    public IReadOnlyList<string> Names => Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];

    public int Unfinished => 0;

    public string PathOf(string name) => Path.Combine(folder, name);

    public byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    public void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(PathOf(name), bytes);
    }

    public void Remove(string name) => File.Delete(PathOf(name));
}
