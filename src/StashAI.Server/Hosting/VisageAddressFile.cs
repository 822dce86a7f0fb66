using StashAI.Streams.Files;

namespace StashAI.Server.Hosting;

/// <summary>Where `serve` tells workers on the same data folder the address of its Visage child, whose port may change.</summary>
internal sealed class VisageAddressFile(string dataDirectory)
{
    private readonly string path = Path.Combine(dataDirectory, "visage.url");

    /// <summary>Null means that the service is down.</summary>
    public void Write(Uri? address)
    {
        try
        {
            if (address is null) File.Delete(path);
            else File.WriteAllText(path, address.AbsoluteUri);
        }
        catch (IOException)
        {
            // Workers then keep waiting for the service; the gateway's own work does not need the file.
        }
    }

    /// <summary>The address, or null while there is none.</summary>
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
