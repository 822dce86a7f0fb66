using StashAI.Streams.Files;

namespace StashAI.Server.Hosting;

/// <summary>
/// The file in which <c>serve</c> tells workers on the same data folder the address of its Visage child, whose port may change.
/// </summary>
internal sealed class VisageAddressFile(string dataDirectory)
{
    private readonly string path = Path.Combine(dataDirectory, "visage.url");

    /// <summary>Writes the address; null when the service is down.</summary>
    public void Write(Uri? address)
    {
        try
        {
            if (address is null) File.Delete(path);
            else File.WriteAllText(path, address.AbsoluteUri);
        }
        catch (IOException)
        {
            // Workers will keep waiting for the service; the gateway itself does not need the file.
        }
    }

    /// <summary>Reads the address; null while there is none.</summary>
    public Uri? Read()
    {
        try
        {
            return Uri.TryCreate(RegularFile.ReadAllText(path), UriKind.Absolute, out var address) ? address : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
