namespace StashAI.Testing.Processes;

/// <summary>Signals that tests send.</summary>
public enum UnixSignal
{
    /// <summary>SIGTERM: asks the process to end.</summary>
    Terminate,

    /// <summary>SIGINT: what Ctrl+C sends.</summary>
    Interrupt,

    /// <summary>SIGSTOP: freezes the process.</summary>
    Stop,

    /// <summary>SIGCONT: lets a frozen process go on.</summary>
    Continue,
}
