import type { ChatTopic, NeededTopic } from '../intent';

/** What a whole utterance can mean when nothing in it needs to be read out of it. */
export type PhraseMeaning =
  | 'time'
  | 'date'
  | 'weekday'
  | 'month'
  | 'year'
  | 'coin'
  | 'dice'
  | 'random-number'
  | 'repeat-answer'
  | 'set-timer'
  | 'set-reminder'
  | 'set-alarm'
  | 'time-left'
  | 'cancel-timer'
  | `chat:${ChatTopic}`
  | `need:${NeededTopic}`
  /** Looks like one of the others and is not. */
  | 'none';

/**
 * Example phrases by meaning, words separated by spaces, alternatives by `|`. Also the misreadings that a recogniser
 * gives of the shortest ones, which have too few letters for similarity to decide.
 */
const TABLE: Record<PhraseMeaning, string> = {
  time: 'what time is it|what is the time|what is the time now|what time it is|what time do we have|time|the time|tell me the time|what time|what is the current time|current time|what time is it now|what time is it here|do you have the time|give me the time|say the time|what hour is it|how late is it',
  date: 'what is the date|what is the date today|what is todays date|what date is it|what date is it today|date|the date|tell me the date|what day of the month is it|current date|give me the date',
  weekday:
    'what day is it|what they is it|what day is it today|what day is today|what is today|which day is it|what day of the week is it|what weekday is it|what is the day today|today is what day|tell me the day',
  month: 'what month is it|which month is it|what is the month|what is the current month|tell me the month',
  year: 'what year is it|which year is it|what is the year|what is the current year|tell me the year',
  none: 'what is my name|do you know my name|in time|on time|wait for me|wait for it|convert to|what is it|what is that|who is that|what am i|where am i|who am i|how old am i|what do you see|what can you see|i can not hear you|what is the|are you sure|is it you|how long is it|how much is it|how much is that|what is your problem|what is your age group|do you',
  coin: 'flip a coin|flip a coy and|flip a coil|flip a plane|toss a plane|toss a quiet|toss a coin|flip coin|heads or tails|throw a coin|coin flip|coin toss',
  dice: 'roll a dice|roll a die|roll the dice|roll dice|throw a dice|throw the dice|roll the die|toss a die|dice roll',
  'random-number':
    'pick a number|give me a random number|random number|pick a random number|choose a number|think of a number|tell me a random number',
  'repeat-answer':
    'what did you say|what did you just say|repeat that|say that again|can you repeat that|repeat|say it again|repeat please|come again|what was that|repeat it|pardon|pardon me|excuse me what did you say|once more please|i did not hear you|i did not hear that|i did not catch that|could you say that again|again please say that|repeat the answer|what was the answer|what was that again',
  'set-timer':
    'set a timer|set the timer|start a timer|start the timer|timer|set timer|new timer|make a timer|i need a timer|create a timer|set another timer|set a countdown|set a time or',
  'set-reminder':
    'set a reminder|remind me|remind me of something|remind me about something|create a reminder|make a reminder|new reminder|i need a reminder|add a reminder',
  'set-alarm': 'set an alarm|set the alarm|wake me up|set an alarm clock|create an alarm|new alarm',
  'time-left':
    'how much time is left|how long is left|how much time left|how much longer|how long left|how much time is left on the timer|how much time is left on my timer|check the timer|check my timer|timer status|time left|how long until the timer ends|when does the timer end|when does the timer go off|when will the timer go off|how long does the timer have left|how much time remains|how much time do i have left|how many minutes are left|how many seconds are left|what timers do i have|what timers are running|list my timers|list timers|list the timers|show my timers|which timers are running|are there any timers|do i have any timers|is there a timer running|what reminders do i have|list my reminders|what are my reminders|do i have any reminders|what are my timers|what alarms do i have|how much time is left on the alarm|how is the timer doing',
  'cancel-timer':
    'cancel the timer|cancel timer|stop the timer|stop timer|cancel my timer|delete the timer|delete my timer|clear the timer|turn off the timer|end the timer|remove the timer|kill the timer|cancel that timer|cancel the reminder|cancel my reminder|delete the reminder|delete my reminder|remove the reminder|cancel the alarm|turn off the alarm|stop the alarm|delete the alarm|cancel my alarm|cancel a timer|cancel the countdown|stop the countdown',
  'chat:help':
    'what can you do|what can you do for me|what do you do|help|help me|what can i ask you|what can i ask|what can i say|what can i say to you|what are you able to do|what do you know|what are your abilities|what are your skills|how can you help me|how can you help|what can you help me with|what can you help with|tell me what you can do|what else can you do|what are your functions|what can you tell me|what are you good for|how do you work|what can you do now|what are your features|i need help|can you help me|tell me about your abilities|what could you do|what things can you do|what can he do|which can you do',
  'chat:joke':
    'tell me a joke|tell a joke|joke|a joke|tell me joke|say a joke|do you know a joke|do you know any jokes|another joke|tell me another joke|make me laugh|tell me something funny|say something funny|give me a joke|tell us a joke|i want to hear a joke|one more joke|know any good jokes|got any jokes|tell me a funny joke|tell me a good joke|crack a joke|can you tell a joke|be funny',
  'chat:stop':
    'stop|stop it|stop that|stop talking|stop now|stop please|please stop|never mind|nevermind|be quiet|quiet|shut up|silence|enough|that is enough|that will do|cancel|cancel that|forget it|forget about it|hush|shush|okay stop|no stop|stop stop|stop stop stop|hold on|wait|wait a minute|that is all|nothing|stopped|top|hey stop|the stop|a stop|pause|mute|stop speaking|leave it|ok enough|enough already|be silent|stock',
  'chat:hello':
    'hello|hi|hey|hello there|hi there|hey there|good morning|good afternoon|good evening|greetings|howdy|hello parley|hi parley|hey parley|good day|hello hello|nice to meet you|pleased to meet you|hello computer',
  'chat:how-are-you':
    'how are you|how are you doing|how are you today|how do you do|how is it going|how are things|how do you feel|are you okay|are you well|how are you feeling|what is up|what are you doing|what are you up to|how have you been|hello how are you|how is your day|how was your day|hi how are you|are you alright',
  'chat:who-are-you':
    'who are you|what are you|what is your name|who made you|who is this|do you have a name|what are you called|tell me your name|introduce yourself|are you a robot|are you human|are you a person|are you real|are you a computer|tell me about yourself|who built you|who created you|are you an ai|are you a machine|who am i talking to|are you alive|are you chatgpt|what is parley|who is parley|what model are you|are you a language model|which model are you',
  'chat:where': 'where are you|where are you from|where do you live|where do you come from',
  'chat:age': 'how old are you|when were you born|what is your age|when is your birthday',
  'chat:thanks':
    'thanks|thank you|thank you very much|thanks a lot|thank you so much|many thanks|cheers|okay thanks|okay thank you|ok thank you|great thanks|thanks so much|thank you for your help|that helps|thank you kindly|no thank you|no thanks',
  'chat:goodbye':
    'goodbye|bye|bye bye|good bye|see you|see you later|good night|talk to you later|see you tomorrow|farewell|have a nice day|that is all goodbye|until next time|so long|catch you later|take care|good by',
  'chat:compliment':
    'you are great|you are funny|well done|good job|great job|nice|cool|awesome|you are the best|you are smart|that was funny|good|very good|great|excellent|perfect|i like you|you are nice|you are awesome|you are amazing|that is great|that is funny|very funny|wonderful|good work|nice work|amazing|that is good|that is nice|you are so funny|haha|wow|that was good|you are clever|i am impressed',
  'chat:insult':
    'you are stupid|you are dumb|that is wrong|you are wrong|you are useless|that was not funny|that is not funny|bad joke|you are an idiot|you suck|that was bad|that is not right|wrong|that is not what i said|that is not what i asked|you are annoying|you are boring|you did not understand me|you do not understand',
  'chat:sorry': 'sorry|i am sorry|my bad|my mistake|i apologize|excuse me|sorry about that|my apologies',
  'chat:love': 'i love you|do you love me|will you marry me|marry me|do you like me|are you my friend',
  'chat:yes':
    'yes|yeah|yep|sure|okay|ok|alright|all right|right|of course|yes please|correct|exactly|fine|i see|got it|that is right',
  'chat:no': 'no|nope|nah|not really|not now|i do not think so|do not',
  'chat:hear-me':
    'wake up|are you awake|can you hear me|do you hear me|are you there|testing|test|is this working|is this on|are you listening|is anybody there|is anyone there|does this work|testing one two three|one two three|test test|do you understand me|can you understand me|hello can you hear me',
  'chat:connect':
    'how do i connect a language model|connect a language model|how do i connect a model|how can i connect a language model|how do i set up a language model|what is a language model|how do i use ollama|connect to ollama|how do i add a language model|why can you not answer',
  'chat:again':
    'again|one more time|once more|another one|another|one more|do it again|do that again|try again|tell me another|tell me another one|and again|give me another|give me another one|another please',
  'need:weather':
    'what is the weather|what is the weather like|how is the weather|what is the weather like today|will it rain|is it raining|will it rain today|will it rain tomorrow|what is the temperature outside|what is the forecast|what is the temperature today|is it going to rain|is it cold outside|weather|do i need an umbrella|what is the weather tomorrow|is it sunny|will it snow',
  'need:news':
    'what is the news|what is in the news|tell me the news|news|read me the news|what happened today|what are the headlines|any news|give me the news',
  'need:music':
    'play music|play some music|play a song|sing a song|sing me a song|play something|can you sing|sing|sing something',
  'need:exchange':
    'what is the exchange rate|what is the stock market doing|how is the stock market|what is the price of bitcoin|what is the dollar worth',
  'need:translate':
    'translate|translate this|can you translate|can you speak french|do you speak spanish|do you speak german|do you speak chinese|speak spanish',
  'need:story':
    'tell me a story|tell me a bedtime story|write me a poem|write a poem|tell me a poem|read me a story|tell me a fairy tale|tell me something interesting|tell me a fact|tell me a fun fact',
};

export interface Phrase {
  meaning: PhraseMeaning;
  words: readonly string[];
}

export const PHRASES: readonly Phrase[] = Object.entries(TABLE).flatMap(([meaning, phrases]) =>
  phrases.split('|').map((phrase) => ({ meaning: meaning as PhraseMeaning, words: phrase.split(' ') })),
);
