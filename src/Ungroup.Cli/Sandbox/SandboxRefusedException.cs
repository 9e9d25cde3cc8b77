namespace Ungroup.Cli.Sandbox;

/// <summary>A file, a directory or a port that cannot be used, in a sentence.</summary>
#pragma warning disable CA1032 // Without a sentence it would say nothing.
internal sealed class SandboxRefusedException(string sentence) : Exception(sentence);
#pragma warning restore CA1032
