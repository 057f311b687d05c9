# The adapter of the gem sd_notify, and of its copies: what it raises is negative, nil is zero.
# usage: adapter.rb GEM FILE MODULE
require "base64"
require "json"

GEM, file, name = ARGV
gem GEM
require file
NOTIFIER = Object.const_get(name)

MEMBERS = {"notify" => %w[call state state_base64 unset_environment], "reloading" => %w[call unset_environment]}

def call(step)
  unset = step["unset_environment"] || false
  return NOTIFIER.reloading(unset) if step["call"] == "reloading"
  NOTIFIER.notify(step["state"] || Base64.decode64(step["state_base64"]), unset)
end

def send_all(request)
  steps = request["steps"]
  return {unsupported: "it sends a text, and nothing else"} unless steps.all? do |step|
    MEMBERS.key?(step["call"]) && (step.keys - MEMBERS[step["call"]]).empty?
  end
  request["environment"] ? ENV["NOTIFY_SOCKET"] = request["environment"] : ENV.delete("NOTIFY_SOCKET")
  returns = steps.map do |step|
    begin
      call(step).nil? ? "zero" : "positive"
    rescue NOTIFIER::NotifyError => failure
      warn failure.message
      "negative"
    end
  end
  {returns: returns, environment: ENV.key?("NOTIFY_SOCKET") ? "set" : "unset", processes: {main: Process.pid}}
end

$stdout.sync = true
$stdin.each_line do |line|
  request = JSON.parse(line)
  answer = case request["do"]
           when "start" then {name: GEM, version: Gem.loaded_specs[GEM].version.to_s, role: "sender"}
           when "send" then send_all(request)
           when "stop" then {}
           else {unsupported: "unknown"}
           end
  puts({seq: request["seq"]}.merge(answer).to_json)
  break if request["do"] == "stop"
end
