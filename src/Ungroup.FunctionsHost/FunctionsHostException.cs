namespace Ungroup.FunctionsHost;

/// <summary>An app cannot be run, or be run on. The message is a sentence for the person who started it.</summary>
#pragma warning disable CA1032 // Without a sentence it would say nothing.
public sealed class FunctionsHostException(string sentence) : Exception(sentence);
#pragma warning restore CA1032
