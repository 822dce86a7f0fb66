namespace StashAI.Visage.Gallery;

/// <summary>One change of the stored gallery. Nothing is stored unless it is committed.</summary>
internal interface IGalleryTransaction : IAsyncDisposable
{
    /// <summary>The version before this change. Nobody else can change the gallery until this change ends.</summary>
    long Version { get; }

    /// <inheritdoc cref="IGalleryStore.ReadChangesAsync"/>
    Task ReadChangesAsync(long since, IGalleryReceiver receiver, CancellationToken cancellationToken);

    /// <returns>The row key of the new person, and the indexes of the stored faces: of two with the same source, the first.</returns>
    Task<(long Key, IReadOnlyList<int> Added)> InsertPersonAsync(
        Person person, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken);

    /// <returns>The indexes of the faces that were not stored before.</returns>
    Task<IReadOnlyList<int>> InsertFacesAsync(Person person, IReadOnlyList<GalleryFace> faces, CancellationToken cancellationToken);

    Task UpdatePersonAsync(Person person, bool isRenamed, CancellationToken cancellationToken);

    Task DeletePersonAsync(long person, CancellationToken cancellationToken);

    /// <summary>
    /// Moves all faces and rejections of <paramref name="from"/> to <paramref name="into"/> and deletes those people; a face or a rejection
    /// that both had is kept once.
    /// </summary>
    Task MergePeopleAsync(Person into, IReadOnlyCollection<long> from, CancellationToken cancellationToken);

    /// <summary>
    /// Moves faces of <paramref name="from"/> to <paramref name="into"/>; one that both have of the same photo is kept once. The caller has
    /// checked that they are faces of that person.
    /// </summary>
    Task MoveFacesAsync(Person from, Person into, IReadOnlyCollection<Guid> faces, CancellationToken cancellationToken);

    /// <returns>False when the person does not have the face.</returns>
    Task<bool> DeleteFaceAsync(long person, Guid face, CancellationToken cancellationToken);

    /// <summary>The vectors of a person's faces, as this change leaves them.</summary>
    Task<IReadOnlyList<float[]>> ReadVectorsAsync(long person, CancellationToken cancellationToken);

    /// <summary>Stores rejected faces of a person, except those of a source that the person already has.</summary>
    Task InsertRejectionsAsync(Person person, IReadOnlyList<Rejection> rejections, CancellationToken cancellationToken);

    /// <summary>Removes rejections, whoever has them.</summary>
    Task DeleteRejectionsAsync(IReadOnlyCollection<Guid> rejections, CancellationToken cancellationToken);

    /// <summary>The rejected faces of a person, as this change leaves them, in the order in which they were rejected.</summary>
    Task<IReadOnlyList<Rejection>> ReadRejectionsAsync(long person, CancellationToken cancellationToken);

    /// <summary>Stores the change. It is durable when the call returns; if it fails, the change may be stored or not.</summary>
    /// <returns>The version of the gallery with this change.</returns>
    Task<long> CommitAsync();
}
