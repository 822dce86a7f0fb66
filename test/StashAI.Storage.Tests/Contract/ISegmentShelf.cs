namespace StashAI.Storage.Tests.Contract;

/// <summary>Where a host keeps segments, as seen from outside of the store.</summary>
public interface ISegmentShelf
{
    /// <summary>The end of the names of segments.</summary>
    string Extension { get; }

    /// <summary>What is there, in the order of the names.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>How many segments are there in part.</summary>
    int Unfinished { get; }

    /// <summary>The name for people.</summary>
    string PathOf(string name);

    byte[] Read(string name);

    void Write(string name, byte[] bytes);

    void Remove(string name);
}
