using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

/// <summary>A pair of links to $cbs or a $management node.</summary>
internal sealed class RequestClient
{
    private readonly SenderLink _requests;
    private readonly ReceiverLink _answers;
    private readonly string _replyTo = $"reply-{Guid.NewGuid():N}";
    private int _next;

    public RequestClient(Session session, string node, bool answerByName = false)
    {
        _requests = session.Sender(node);
        _answers = new(
            session,
            answerByName ? _replyTo : $"answers-{Guid.NewGuid():N}",
            new Attach { Source = new Source { Address = node }, Target = new Target { Address = answerByName ? null : _replyTo } },
            onAttached: null);
    }

    public async Task<Message> AskAsync(string operation, object body, Action<ApplicationProperties>? more = null)
    {
        var request = new Message(body)
        {
            Properties = new() { MessageId = $"{_next++}", ReplyTo = _replyTo },
            ApplicationProperties = new() { ["operation"] = operation },
        };
        more?.Invoke(request.ApplicationProperties);
        await _requests.SendAsync(request);
        var answer = await _answers.OneAsync();
        Assert.Equal(request.Properties.MessageId, answer.Properties.CorrelationId);
        return answer;
    }

    public Task<Message> ManageAsync(string operation, Map arguments) => AskAsync($"com.microsoft:{operation}", arguments);

    public async Task<(int Status, string Description)> PutTokenAsync(string audience, string token, string type = "servicebus.windows.net:sastoken")
    {
        var answer = await AskAsync("put-token", token, properties =>
        {
            properties["type"] = type;
            properties["name"] = audience;
        });
        return ((int)answer.ApplicationProperties["status-code"], (string)answer.ApplicationProperties["status-description"]);
    }
}

internal static class Answers
{
    public static int Status(this Message answer) => (int)answer.ApplicationProperties["statusCode"];

    public static string? Condition(this Message answer) => answer.ApplicationProperties["errorCondition"]?.ToString();

    public static object Field(this Message answer, string name) => ((Map)answer.Body)[name];
}
