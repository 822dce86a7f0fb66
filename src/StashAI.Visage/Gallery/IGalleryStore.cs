namespace StashAI.Visage.Gallery;

/// <summary>Where the gallery is stored: a SQLite file, or a PostgreSQL database that several processes share.</summary>
internal interface IGalleryStore : IDisposable
{
    /// <summary>True when other processes may change the gallery, so that what is in memory must be compared with the store.</summary>
    bool IsShared { get; }

    /// <summary>
    /// What signs the addresses of pictures, the same in all processes that share the gallery. Null when only one process uses the gallery,
    /// whose secret then signs.
    /// </summary>
    byte[]? SigningKey { get; }

    /// <summary>Opens the store, creates it if it is missing, and updates it to the current schema. Must be called first, once.</summary>
    /// <exception cref="InvalidOperationException">
    /// Another process uses the store, or a newer version of Visage wrote it, or it cannot hold a gallery.
    /// </exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>The version of the gallery, which grows with every change.</summary>
    Task<long> ReadVersionAsync(CancellationToken cancellationToken);

    /// <summary>Passes on what changed after a version, from one consistent view of the store.</summary>
    /// <param name="since">
    /// The version; 0 for the whole gallery. If the store is older, because a backup was restored, everything follows.
    /// </param>
    /// <param name="receiver">Receives the removed people first, then the changed people, then their faces.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The version of what was read.</returns>
    Task<long> ReadChangesAsync(long since, IGalleryReceiver receiver, CancellationToken cancellationToken);

    /// <summary>Overwrites what the store has freed, if a person was deleted since the last time and the store can do that.</summary>
    /// <exception cref="IOException">The store is in use all the time; it must be asked again.</exception>
    Task ScrubAsync(CancellationToken cancellationToken);

    /// <summary>Begins a change. Only one change at a time can be open, over all processes.</summary>
    Task<IGalleryTransaction> BeginAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<StoredFace>> ReadFacesOfAsync(long person, CancellationToken cancellationToken);

    /// <summary>The faces of a person, with vectors and pictures, in the order of enrolment.</summary>
    Task<IReadOnlyList<GalleryFace>> ReadGalleryFacesAsync(long person, CancellationToken cancellationToken);

    Task<IReadOnlyDictionary<long, int>> CountFacesAsync(IReadOnlyCollection<long> people, CancellationToken cancellationToken);

    /// <summary>The rejected faces of a person, in the order in which they were rejected.</summary>
    Task<IReadOnlyList<Rejection>> ReadRejectionsAsync(long person, CancellationToken cancellationToken);

    /// <summary>The picture of the person's best face as a JPEG; null when there is none.</summary>
    Task<byte[]?> ReadPictureAsync(long person, CancellationToken cancellationToken);

    /// <summary>The picture of a face as a JPEG; null when the person does not have the face, or the face has no picture.</summary>
    Task<byte[]?> ReadPictureAsync(long person, Guid face, CancellationToken cancellationToken);
}
