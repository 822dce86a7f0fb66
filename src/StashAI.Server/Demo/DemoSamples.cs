using StashAI.Server.Exits;

namespace StashAI.Server.Demo;

/// <summary>
/// The demo's input from the sample photos: the three people of the first photo are enrolled; the other photos are the batch.
/// </summary>
internal static class DemoSamples
{
    /// <summary>The only person who is in both the first and the third photo.</summary>
    public const string SeenTwice = "Robin";

    private static readonly (string Name, int X, int Y)[] PeopleOfTheFirst =
        [("Alex", 507, 475), ("Sam", 929, 538), (SeenTwice, 1580, 330)];

    /// <param name="directory">The folder with the sample photos.</param>
    /// <param name="fileNames">The names of the photos, in order.</param>
    /// <exception cref="StartException">A photo cannot be read.</exception>
    public static DemoInput Read(string directory, IReadOnlyList<string> fileNames)
    {
        var photos = fileNames.Select(name => PhotoFile.Inspect(Path.Combine(directory, name), name) switch
        {
            ({ } photo, _) => photo,
            (_, var reason) => throw new StartException($"the sample photo {name} in {directory} cannot be used: {reason}."),
        }).ToList();
        return new DemoInput(
            [.. PeopleOfTheFirst.Select(person => new PersonToEnrol(person.Name, [photos[0]], (person.X, person.Y)))],
            photos[1..],
            []);
    }
}
