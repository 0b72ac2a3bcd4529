namespace LanCollab.Contracts;

/// <summary>The configuration cannot be used: the program ends with exit code 2 and this sentence.</summary>
/// <param name="message">Names file, key, value and what is allowed.</param>
public sealed class ConfigurationErrorException(string message) : Exception(message);
