namespace StashAI.Visage.Gallery;

/// <summary>Receives the changes of a gallery.</summary>
internal interface IGalleryReceiver
{
    /// <summary>Nothing that was known is in the gallery any more; everything that is there follows.</summary>
    void Clear();

    /// <summary>A person is not in the gallery any more.</summary>
    void RemovePerson(long person);

    /// <summary>A person is new or has changed.</summary>
    /// <param name="person">The person as it is now.</param>
    /// <param name="replacesFaces">True when all faces of the person follow; false when only new ones do.</param>
    void PutPerson(Person person, bool replacesFaces);

    /// <summary>A face of a person that was put before. The span is valid only during the call.</summary>
    void AddFace(long person, ReadOnlySpan<float> vector);

    /// <summary>
    /// All rejected faces of a person that was put before, also when there are none any more. A person who never had any needs no call.
    /// </summary>
    void PutRejections(long person, IReadOnlyList<float[]> vectors);
}
